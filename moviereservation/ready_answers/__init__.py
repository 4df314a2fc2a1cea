"""Answers to public reads, ready as bytes in the process for one second, in front of Django.

They are for whoever sends neither a token nor a session. Django is asked for one by a request that
has nothing in it but what the answer depends on, so that nothing of a guest can be in what the next
guest is given.
"""

from moviereservation.ready_answers.application import ReadyAnswers

__all__ = ["ReadyAnswers"]
