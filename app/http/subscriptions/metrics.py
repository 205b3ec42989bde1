"""What subscriptions count."""

from prometheus_client import Counter, Gauge

OPEN = Gauge(
    "allround_subscriptions_open",
    "Subscriptions that are under way.",
    ["transport"],
    multiprocess_mode="livesum",
)
SOCKETS = Gauge("allround_sockets_open", "WebSockets that are open.", multiprocess_mode="livesum")
DELIVERED = Counter("allround_events_delivered_total", "Events that subscribers were sent.", ["transport"])
