"""Python reads this file at its start, in the environments of foreign Python programs alone. The programs' own files stay
as they were published; two things around them are not as in production:

- tap-shopify waits 60 s between two looks at a bulk operation, and so do retries: here a wait is a twentieth of a second.
- tap-hubspot hands requests prepared requests, for which requests reads no CA variable: the trusted file that certifi
  names is the proxy's.
"""

import os
import time

LONGEST_S = 0.05
sleep = time.sleep
time.sleep = lambda seconds: sleep(min(seconds, LONGEST_S))

if "CA_BUNDLE" in os.environ:
    try:
        import certifi
    except ImportError:  # this program brings none
        pass
    else:
        certifi.where = lambda: os.environ["CA_BUNDLE"]
