"""What the widget understands, in Markdown: the console asks for it with `describe`."""

from typing import Final

DESCRIPTION: Final = """\
## Pairs of dws-failover

How each disaster-recovery pair stands, by what is stored: the provider is not asked. The worst
comes first. **Rehearse** asks every gate of a pair now; it reads the provider and orders nothing.

### Widget parameters

Param | Description
---|---
**pair** | A pair's name, or a pattern: `*` is a wildcard. Left out: all pairs.

### Example parameters

```yaml
pair: sales-*
```
"""
