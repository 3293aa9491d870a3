# DKIM and ARC with python3-dkim. Standard input: one JSON object a line with do (verify, sign, arc-verify, arc-sign), message (each
# char an octet), and for verify: zone ({name: text}); for sign: key (PEM or base64 seed), selector, domain, canon, algorithm, fields.
# Standard output: one JSON string a line: "pass" or "fail", or the signature field.
import base64
import json
import sys

import dkim

for line in sys.stdin:
    case = json.loads(line)
    message = case['message'].encode('latin-1')
    zone = case.get('zone', {})

    def lookup(name, timeout=5):
        return zone.get(name.decode('ascii').rstrip('.'), '').encode('latin-1')

    try:
        if case['do'] == 'verify':
            answer = 'pass' if dkim.verify(message, dnsfunc=lookup) else 'fail'
        elif case['do'] == 'arc-verify':
            answer = dkim.arc_verify(message, dnsfunc=lookup)[0].decode('ascii')
        elif case['do'] == 'arc-sign':
            fields = dkim.arc_sign(message, case['selector'].encode(), case['domain'].encode(), case['key'].encode(),
                                   case['id'].encode(), timestamp='1700000000')
            answer = b''.join(fields).decode('latin-1')
        else:
            header, body = case['canon'].split('/')
            ed25519 = case['algorithm'] == 'ed25519-sha256'
            answer = dkim.sign(message, case['selector'].encode(), case['domain'].encode(), case['key'].encode(),
                               canonicalize=(header.encode(), body.encode()),
                               include_headers=[name.encode() for name in case['fields']],
                               signature_algorithm=case['algorithm'].encode()).decode('latin-1')
    except Exception as error:
        answer = 'crash:' + type(error).__name__ + ':' + str(error)
    print(json.dumps(answer), flush=True)
