"""The widget's style sheet: two themes, any width from a phone's to a wall's. Pure."""

from typing import Final

from handler.widget.drawing import STAGES
from handler.widget.markup import Html

_LIGHT: Final = {
    "bg": "#ffffff", "card": "#fbfbfb", "text": "#16191f", "soft": "#545b64", "rule": "#d5dbdb",
    "track": "#e3e8ea", "alert": "#b0170c", "alertbg": "#fdecea", "warning": "#8a5300",
    "warningbg": "#fff6e5", "ready": "#1d7a2c", "readybg": "#eaf6ec", "limit": "#16191f",
    "stage0": "#c25100", "stage1": "#0a5fb4", "stage2": "#6b3fc4", "stage3": "#1d7a2c",
    "stage4": "#6b7683",
}  # fmt: skip
_DARK: Final = {
    "bg": "#161d26", "card": "#1b232d", "text": "#e9ebed", "soft": "#aab7c4", "rule": "#414d5c",
    "track": "#354150", "alert": "#ff8a80", "alertbg": "#3a1d1d", "warning": "#ffb84d",
    "warningbg": "#35290f", "ready": "#6fdc8c", "readybg": "#16301f", "limit": "#e9ebed",
    "stage0": "#ff9d4d", "stage1": "#6cb8ff", "stage2": "#b9a2ff", "stage3": "#6fdc8c",
    "stage4": "#8d99a8",
}  # fmt: skip
_RULES: Final = """
.dwsf{background:var(--bg);color:var(--text);padding:8px;font:14px/1.45 'Amazon Ember','Open Sans',
'Helvetica Neue',Arial,sans-serif;overflow-wrap:anywhere;box-sizing:border-box;min-width:0}
.dwsf *{box-sizing:border-box;min-width:0}
.dwsf small{color:var(--soft);font-size:12px;font-weight:400;display:block}
.dwsf p,.dwsf ul,.dwsf dl,.dwsf dd,.dwsf h3{margin:0;padding:0}
.dwsf-summary{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;margin:0 0 10px}
.dwsf-count{border:1px solid;border-radius:4px;padding:2px 8px;font-weight:700}
.dwsf-none{color:var(--soft);font-weight:400}
.dwsf-alert{--mine:var(--alert);--minebg:var(--alertbg)}
.dwsf-warning{--mine:var(--warning);--minebg:var(--warningbg)}
.dwsf-ready{--mine:var(--ready);--minebg:var(--readybg)}
.dwsf-count.dwsf-alert,.dwsf-count.dwsf-warning,.dwsf-count.dwsf-ready{color:var(--mine);
background:var(--minebg)}
.dwsf-pair{background:var(--card);border:1px solid var(--rule);border-left:5px solid var(--mine);
border-radius:6px;padding:10px 12px;margin:0 0 10px}
.dwsf-pair header{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center}
.dwsf-word{color:var(--mine);background:var(--minebg);border-radius:4px;padding:2px 8px;
font-weight:700;font-size:12px;letter-spacing:.02em;white-space:nowrap}
.dwsf-pair h3{font-size:16px;font-weight:700;line-height:1.3}
.dwsf-mode{color:var(--soft);font-size:12px}
.dwsf-button{margin-left:auto;font:inherit;font-size:12px;font-weight:700;color:var(--text);
background:transparent;border:1px solid var(--soft);border-radius:4px;padding:3px 10px;
cursor:pointer;white-space:nowrap}
.dwsf-button:hover{background:var(--track)}
.dwsf cwdb-action{display:none}
.dwsf-pair .dwsf-said{margin:6px 0 0}
.dwsf-pair ul{list-style:none;margin:4px 0 0;color:var(--text)}
.dwsf-pair li{margin:2px 0 0;padding:0 0 0 10px;border-left:2px solid var(--rule)}
.dwsf-pair dl{display:grid;gap:10px 24px;
grid-template-columns:repeat(auto-fill,minmax(min(100%,230px),1fr));
margin:10px 0 0;padding:10px 0 0;border-top:1px solid var(--rule)}
.dwsf-pair dt{color:var(--soft);font-size:12px;margin:0 0 2px;font-weight:400}
.dwsf-bar{display:block;width:100%;height:8px;margin:5px 0 4px;border-radius:4px;overflow:hidden}
.dwsf-track{fill:var(--track)}
.dwsf-within{fill:var(--ready)}
.dwsf-near{fill:var(--warning)}
.dwsf-over{fill:var(--alert)}
.dwsf-limit{fill:var(--limit)}
.dwsf-up{color:var(--ready)}
.dwsf-down{color:var(--alert)}
.dwsf-silent{color:var(--soft)}
.dwsf-witness{display:flex;gap:8px;font-size:13px}
.dwsf-witness b{flex:0 0 40px}
.dwsf-figures{font-weight:700}
.dwsf-steps{display:flex;flex-wrap:wrap;gap:2px 12px;font-size:12px;color:var(--soft)}
.dwsf-dot{display:inline-block;width:9px;height:9px;border-radius:2px;margin:0 5px 0 0}
.dwsf-line{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;padding:5px 8px;
border-left:5px solid var(--mine);border-bottom:1px solid var(--rule)}
.dwsf-line .dwsf-word{flex:0 0 150px;background:none;padding:0}
.dwsf-line .dwsf-name{flex:1 1 130px}
.dwsf-line .dwsf-mode{flex:0 0 100px}
.dwsf-line .dwsf-said{flex:3 1 220px;color:var(--soft);font-size:12px}
.dwsf-line .dwsf-age{flex:2 1 180px;font-size:12px}
.dwsf-line small{display:none}
.dwsf-line .dwsf-bar{height:5px;margin:2px 0 0}
.dwsf-more{color:var(--soft)}
.dwsf table{border-collapse:collapse;width:100%;margin:8px 0 0}
.dwsf th,.dwsf td{text-align:left;vertical-align:top;padding:4px 8px 4px 0;
border-bottom:1px solid var(--rule);font-size:13px}
.dwsf table,.dwsf td{color:inherit}
.dwsf th:not(:last-child),.dwsf td:not(:last-child){overflow-wrap:normal;white-space:nowrap}
.dwsf th{color:var(--soft);font-weight:400;font-size:12px}
"""


def style() -> Html:
    """The whole sheet; nothing in it comes from outside."""
    themes = "".join(
        f".dwsf-{name}{{{';'.join(f'--{key}:{colour}' for key, colour in colours.items())}}}\n"
        for name, colours in (("light", _LIGHT), ("dark", _DARK))
    )
    stages = "".join(
        f".dwsf-stage{n}{{fill:var(--stage{n})}}.dwsf-dot{n}{{background:var(--stage{n})}}\n"
        for n in range(STAGES)
    )
    return Html(f"<style>{themes}{stages}{_RULES}</style>")
