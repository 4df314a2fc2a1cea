"""A local stand-in for Stripe: a separate process for tests, demos and benchmarks.

It speaks the part of Stripe's HTTP API that a shop with authorise-then-capture needs, keeps state,
signs its webhooks, serves a browser script with the surface of Stripe.js, and misbehaves on demand.
It is a development tool: it moves no money and listens on the loopback interface only.

    python -m tools.standin --port 8001 --webhook-url http://127.0.0.1:8000/payment/webhook
"""
