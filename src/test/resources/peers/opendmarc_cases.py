# What libopendmarc makes of cases, one JSON object a line: from, spf [domain, result], dkim [[domain, result]], record, domain.
# Results: 0 none, 1 pass, 2 fail, 3 temporary failure. Answers: pass, reject, quarantine, none, or the number of an error.
import ctypes
import json
import sys

library = ctypes.CDLL("libopendmarc.so.2")
library.opendmarc_policy_connect_init.restype = ctypes.c_void_p
words = {15: "pass", 16: "reject", 17: "quarantine", 18: "none"}
for line in sys.stdin:
    case = json.loads(line)
    context = ctypes.c_void_p(library.opendmarc_policy_connect_init(b"192.0.2.1", 0))
    library.opendmarc_policy_store_from_domain(context, case["from"].encode())
    library.opendmarc_policy_store_spf(context, case["spf"][0].encode(), case["spf"][1], 0, b"")
    for domain, result in case["dkim"]:
        library.opendmarc_policy_store_dkim(context, domain.encode(), b"s", result, b"")
    # It takes an organizational domain to mean that the policy was found there, and applies sp then.
    above = None if case["from"] == case["domain"] else case["domain"].encode()
    library.opendmarc_policy_store_dmarc(context, case["record"].encode(), case["domain"].encode(), above)
    answer = library.opendmarc_get_policy_to_enforce(context)
    library.opendmarc_policy_connect_shutdown(context)
    print(words.get(answer, str(answer)))
