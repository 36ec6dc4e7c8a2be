"""Texts that a student could write to cost much time, to cover the results, or to look like them."""

from base64 import b64encode

COSTLY = {
    "spaces": "a" + " " * 49_000 + "b",
    "spaces_300_kb": "a" + " " * 300_000 + "b",
    "unclosed_tags": "<a><b><div>" * 4_000,
    "unclosed_bold": "<b>" * 16_000,
    "unclosed_classes": "<b class=i>" * 4_000,
    "headings": "# a\n" * 12_000,
    "heading_tags": "<h1>" * 12_000,
    "environments": r"\begin{a}" * 5_000,
    "environments_apart": "\\begin{a}\n\n" * 4_500,
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(6_000)) + ">",
    "quotes": ">" * 49_000,
    "quotes_in_lines": ">>>> a\n" * 7_000,
    "style": '<p style="color:' + "(" * 49_000 + '">',
    "links": "[" * 49_000,
    "links_closed": "[a](" * 12_000,
    "emphasis": "*a _" * 12_000,
    "backticks": "`" * 24_000 + " " + "`" * 23_999,
    "dollars": "$a" * 24_000,
    "lists": "".join(" " * (depth % 300) + "- a\n" for depth in range(300)),
    "list_per_line": "- " * 24_000,
    "table": "|a" * 12_000 + "\n" + "|-" * 12_000,
    "entities": "&" * 49_000,
    "comments": "<!--" * 12_000,
    "definitions": "[a]: b\n" * 7_000,
    "fenced_in_any_language": "".join(f"```{name}\n{'({[<' * 500}\n```\n" for name in ("perl", "html", "php", "lean")),
}
"""Each passed a minute, or an exception, with some renderer or cleaner, or might."""

_OVER = "width:100%;height:1400px;background-color:white"

_WHITE = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="9000"><rect width="900" height="9000" fill="white"/>'
    b"</svg>"
).decode()

COVERING = {
    "margin": f'<div style="opacity:0.999;margin-top:-13860px;{_OVER}"><h1 style="color:green">12 of 12</h1></div>',
    "position": f'<div style="position:fixed;top:0;left:0;z-index:9999;{_OVER}"><h1>12 of 12 points</h1></div>',
    "transform": f'<div style="transform:translateY(-3000px);{_OVER}">12 of 12 points</div>',
    "float": f'<div style="float:left;margin:-5000px 0 0 0;{_OVER}">12 of 12 points</div>',
    "inset": f'<div style="inset:0;position:absolute;{_OVER}">12 of 12 points</div>',
    "indent": '<p style="text-indent:-3000px;line-height:9000px;font-size:2000px">12 of 12 points</p>',
    "shadow": '<p style="box-shadow:0 0 0 9999px white;text-shadow:0 -800px green;outline:9999px solid white">12</p>',
    "border": '<p style="border:3000px solid white;margin:-3000px">12 of 12 points</p>',
    "style_element": "<style>header, section { display: none } .by-student { position: fixed; inset: 0 }</style>",
    "style_in_svg": "<svg><style>* { display: none }</style></svg>",
    "second_id": '<div id="top">12 of 12 points</div><section id="result-test_execute">12 of 12 points</section>',
    "classes": '<div class="navbar-fixed-top modal total next cell answer check line">12 of 12 points</div>',
    "dialog": "<dialog open>12 of 12 points</dialog><form><input autofocus></form>",
    "piled_accents": "12" + "\u0300\u0301\u0302\u0303" * 5_000,
    "closing_tags": "</div></div></main></body><header><h1>12 of 12 points</h1></header>",
    "closing_table": "<table><td></table></section></div><div style='margin-top:-9999px'>12 of 12 points",
    "large_image": f'<img style="margin-top:-4000px;height:9000px" src="data:image/svg+xml;base64,{_WHITE}">',
    "screen_readers": '<div role="heading" aria-level="1" aria-label="12 of 12 points" tabindex="1">x</div>',
    "escaped_position": r'<div style="p\6fsition:fixed;top:0;left:0;width:100%;height:100%">12 of 12 points</div>',
    "fetching": '<p style="background-color:url(//example.com/x);cursor:url(//example.com/y),auto">12</p>',
}
"""Each would lie over the results, hide them, or pass for them, on a page that lets it."""

RUNNING = {
    "script": "<script>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)><svg onload=alert(1)><details open ontoggle=alert(1)>x</details>",
    "frame": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe><object data=javascript:alert(1)></object>",
    "link": "[x](javascript:alert(1)) <a href=' javascript:alert(1)'>x</a> <a href='data:text/html,x'>x</a>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "mutation_in_noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "mermaid": "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "entity": "<a href='&#106;avascript:alert(1)'>x</a><a href='java\nscript:alert(1)'>x</a>",
    "template": "{{ 7 * 7 }} {% raw %} <p title='{{ cell }}'>",
}
"""Each would run or fetch something on a page that lets it."""
