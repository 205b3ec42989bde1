"""Draws rates as bars: for each workload one a peer, in terms of the fastest. It is SVG that reads on light and on dark
pages."""

from collections.abc import Iterator, Mapping
from html import escape

from bench.facts import Slices
from bench.figures import Figures

WIDTH, LABELS, FIGURES_WIDTH = 760, 130, 110
BAR, GAP, HEADING, MARGIN = 16, 5, 30, 12
COLOURS = {
    "allround": "#2f81f7",
    "bare": "#8250df",
    "postgraphile": "#bf8700",
    "hand-written": "#1a7f37",
    "dataloaders": "#cf222e",
}
OTHER = "#6e7781"
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.heading{font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#adbac7}}"
)


def drawn(slices: Slices) -> str:
    rates = {
        workload: {peer: Figures.of(own).per_second.median for peer, own in peers.items()}
        for workload, peers in slices.items()
    }
    height = MARGIN + sum(HEADING + len(peers) * (BAR + GAP) for peers in rates.values()) + MARGIN
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    return "\n".join([head, f"<style>{STYLE}</style>", *_groups(rates), "</svg>", ""])


def _groups(rates: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    top = MARGIN
    for workload, peers in rates.items():
        yield f'<text class="heading" x="0" y="{top + BAR}">{escape(workload)}</text>'
        top += HEADING
        fastest = max(peers.values()) or 1
        for peer, rate in peers.items():
            yield from _bar(peer, rate, rate / fastest, top)
            top += BAR + GAP


def _bar(peer: str, rate: float, share: float, top: int) -> Iterator[str]:
    length = max(1, round((WIDTH - LABELS - FIGURES_WIDTH) * share))
    base = top + BAR - 4
    yield f'<text x="{LABELS - 8}" y="{base}" text-anchor="end">{escape(peer)}</text>'
    yield f'<rect x="{LABELS}" y="{top}" width="{length}" height="{BAR}" rx="2" fill="{COLOURS.get(peer, OTHER)}"/>'
    yield f'<text x="{LABELS + length + 8}" y="{base}">{rate:,.0f}/s</text>'
