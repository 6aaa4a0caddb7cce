// Loads a migrate-mongo configuration as migrate-mongo 14 does. It stands before a script, CommonJS or ES module.
async function load(file) {
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  let loaded;
  try {
    loaded = createRequire(pathToFileURL(file))(file);
  } catch (thrown) {
    if (thrown.code !== 'ERR_REQUIRE_ESM' && thrown.code !== 'ERR_REQUIRE_ASYNC_MODULE') {
      throw thrown;
    }
    loaded = await import(pathToFileURL(file).href);
  }
  return loaded.default ? loaded.default : loaded;
}

