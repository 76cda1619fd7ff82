"""Serve the vendor that the arguments name, with so many tickets or orders."""

import sys

from benchmarks.vendors import VENDORS
from benchmarks.vendors.server import serve

if __name__ == "__main__":
    serve(VENDORS[sys.argv[1]](int(sys.argv[2])))
