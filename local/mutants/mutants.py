"""The changes: what cosmic-ray's operators make of a module, but for what no test could notice."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from local.simulation.planting import path_of

_ORDERED: Final = ("Lt", "LtE", "Gt", "GtE")
_BECOMES: Final = {
    "Eq": ("NotEq",),  # what is compared so is a word: none is greater than another
    "NotEq": ("Eq",),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
    **{one: ("Eq", *(other for other in _ORDERED if other != one)) for one in _ORDERED},
}
_CALCULATED: Final = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "BitOr_BitAnd", "BitAnd_BitOr")
# Comparisons by what they are compared to else, or sums that become shifts, end in an error of any
# test at once: they would only make the score look better.
OPERATORS: Final = (
    "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue",
    "NumberReplacer", "ExceptionReplacer", "ZeroIterationForLoop", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    *(f"ReplaceComparisonOperator_{one}_{to}" for one, all_ in _BECOMES.items() for to in all_),
    *(f"ReplaceBinaryOperator_{one}" for one in _CALCULATED),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one change; it is planted as a bug is.

    Attributes:
        module: below `handler`.
        line: of its first changed line, from 1.
        change: what became what.
        source: the whole module, changed.
    """

    module: str
    line: int
    change: str
    source: str

    def planted(self) -> str:
        """The module's source with the change in it."""
        return self.source


def mutants_of(module: str) -> list[Mutant]:
    """All changes of a module that change what it does, in the order of its lines."""
    source = path_of(module).read_text()
    known = {None, _meaning(source)}
    found = []
    for changed in _changed(source):
        if (meaning := _meaning(changed)) not in known:
            known.add(meaning)
            found.append(_mutant(module, source, changed))
    return sorted(found, key=lambda one: (one.line, one.change))


def _changed(source: str) -> Iterator[str]:
    nodes = list(ast_nodes(get_ast(source)))
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for number in range(count):
            if changed := mutate_code(source, operator, number):
                yield changed


def _meaning(source: str) -> str | None:
    """What a module does: without its types, and with one way to say that something is not.

    None if it is no Python: a condition that assigns cannot be turned round by a mere `not`.
    """
    try:
        return ast.dump(_Plain().visit(ast.parse(source)))
    except SyntaxError:
        return None


_TURNED: Final = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}


class _Plain(ast.NodeTransformer):
    """Takes out what is for readers, and for checkers of types."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Without its type."""
        node.annotation = None
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """However they are to be given."""
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.posonlyargs, node.kwonlyargs = [], []
        node.defaults += [one for one in node.kw_defaults if one]
        node.kw_defaults = []
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Without its type."""
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Without what it returns."""
        node.returns = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Whether it is frozen is for those who would change it."""
        node.decorator_list = []
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """`not a is b` is `a is not b`."""
        match node:
            case ast.UnaryOp(ast.Not(), ast.Compare(left, [one], [right])) if type(one) in _TURNED:
                return self.generic_visit(ast.Compare(left, [_TURNED[type(one)]()], [right]))
        return self.generic_visit(node)


def _mutant(module: str, source: str, changed: str) -> Mutant:
    lines, others = source.splitlines(), changed.splitlines()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, lines, others).get_opcodes():
        if tag != "equal":
            before, after = (
                " ".join(line.strip() for line in part) for part in (lines[i1:i2], others[j1:j2])
            )
            return Mutant(module, i1 + 1, f"{before} -> {after}", changed)
    raise AssertionError("nothing was changed")
