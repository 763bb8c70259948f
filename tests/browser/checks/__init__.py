"""What is checked of a page as it stands, one idea a file. Each returns what is wrong, in words one can act on; each is broken once in
`test_checks.py`, so that none passes because it sees nothing.
"""
