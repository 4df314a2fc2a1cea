"""Static files whose names carry their content's hash, ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    # Otherwise `import "./seat.js"` inside a module keeps pointing at the unhashed name.
    support_js_module_import_aggregation = True
    # An asset that somebody else's package forgot must not take a page down.
    manifest_strict = False
