"""Why something was refused: the same codes as @attestel/proof (specs/ledger.md)."""


class Refused(Exception):
    def __init__(self, code, rule):
        super().__init__(f"{code}: {rule}")
        self.code = code


def require(holds, code, rule):
    if not holds:
        raise Refused(code, rule)
