// Prints of a migrate-mongo configuration what Firedrill may know: never its connection string. Arguments: the file, a mark.
const file = process.argv[1];
const mark = process.argv[2];

load(file).then(config => {
  const told = { node: process.version, databaseName: (config.mongodb || {}).databaseName };
  for (const name of ['migrationsDir', 'migrationFileExtension', 'changelogCollectionName', 'lockCollectionName', 'lockTtl']) {
    told[name] = config[name];
  }
  told.useFileHash = config.useFileHash === true;
  process.stdout.write('\n' + mark + JSON.stringify(told) + '\n', () => process.exit(0));
}).catch(thrown => {
  console.error(thrown && thrown.stack ? thrown.stack : String(thrown));
  process.exit(1);
});
