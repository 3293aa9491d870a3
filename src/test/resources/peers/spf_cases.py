# Judges SPF cases with python3-spf. Standard input: one JSON object a line with zone ([[name, type, value], ...]), ip, helo and
# mailfrom; standard output: one verdict a line.
import json
import sys

import spf

zone = []


def lookup(name, qtype, strict=True, timeout=30):
    name = name.lower().rstrip('.')
    found = []
    for owner, kind, value in zone:
        if owner == name and kind == 'FAIL':
            raise spf.TempError('DNS failure')
        if owner != name or kind != qtype:
            continue
        if kind == 'TXT':
            value = (value.encode('latin-1'),)
        elif kind == 'MX':
            preference, exchange = value.split()
            value = (int(preference), exchange)
        found.append(((name, qtype), value))
    return found


spf.DNSLookup = lookup
for line in sys.stdin:
    case = json.loads(line)
    zone = case['zone']
    try:
        verdict = spf.check2(i=case['ip'], s=case['mailfrom'], h=case['helo'])[0]
    except Exception as error:
        verdict = 'crash:' + type(error).__name__
    print(verdict, flush=True)
