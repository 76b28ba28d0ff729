"""Gaps of ministack in what one template deploys: stacks within the stack, and layers."""

import os
from pathlib import Path
from typing import Any, Final

_KEPT: Final = ("Retain", "RetainExceptOnCreate")


def nested_stacks() -> None:
    """A nested stack is like any: its template may be SAM's, it is updated, and it retains.

    AWS: SAM Developer Guide, "Nested applications": each template has its own transform;
    CloudFormation Template Reference, "DeletionPolicy attribute": it holds in nested stacks.
    ministack: no transform (the resource types of SAM are unknown), the attributes of what does not
    change are forgotten in an update, and all is deleted.
    """
    from ministack.services.cloudformation import _stacks, engine, provisioners

    check, update = provisioners._check_nested_stack_capabilities, provisioners._update_resource
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudFormation::Stack"]
    delete = handlers["delete"]

    def check_and_transform(parent: str, template: dict[str, Any]) -> None:
        check(parent, template)  # whether the macro was acknowledged
        transformed = dict(engine._apply_transforms(template))  # may be the template itself
        template.clear()
        template.update(transformed)
        check(parent, template)  # whether the roles were

    def update_knowing_attributes(
        kind: str, physical_id: str, old: Any, new: Any, stack: str, name: str
    ) -> Any:
        known = _stacks[stack]["_resources"].get(name, {}).get("Attributes")
        return update(kind, physical_id, old, new, stack, name, known)

    def delete_but_what_is_kept(physical_id: str, properties: Any) -> None:
        stack = _stacks.get(provisioners._nested_stack_lookup_name(physical_id)) or {}
        for name, resource in (stack.get("_template") or {}).get("Resources", {}).items():
            if resource.get("DeletionPolicy") in _KEPT:
                stack["_resources"].pop(name, None)
        delete(physical_id, properties)

    provisioners._check_nested_stack_capabilities = check_and_transform
    provisioners._update_resource = update_knowing_attributes
    handlers["delete"] = delete_but_what_is_kept


def layers() -> None:
    """Modules of a function's layers can be imported.

    AWS: Lambda Developer Guide, "Packaging your layer content": `python/` of a layer is on the
    path. ministack: layers are left out where the runtime is not its own.
    """
    from ministack.services import lambda_svc

    environment, unpack = lambda_svc._provided_worker_env, lambda_svc._provided_runtime_code_dir

    def with_layers(config: dict[str, Any], folder: str, port: int) -> dict[str, str]:
        packages = [lambda_svc._resolve_layer_zip(one) for one in config.get("Layers") or ()]
        paths = [str(Path(unpack(package)) / "python") for package in packages if package]
        known: dict[str, str] = environment(config, folder, port)
        return {**known, "PYTHONPATH": os.pathsep.join(paths)} if paths else known

    lambda_svc._provided_worker_env = with_layers
