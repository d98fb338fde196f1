"""What follows from what happens (DESIGN §8).

`matching` and `identity` say which automations an event starts, and what each delivery is called: pure.
An action makes an `Outgoing` of a delivery, which holds no secret; `queue` keeps it; `sending` puts the
secrets in, goes past the guard and sends it. One file an action.
"""
