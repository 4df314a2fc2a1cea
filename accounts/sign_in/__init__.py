from accounts.sign_in.identity import (
    prove,
    prove_again,
    sign_up,
)

__all__ = [
    "prove",
    "prove_again",
    "sign_up",
]
