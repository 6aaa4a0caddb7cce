// The project's configuration as it is, but for the server, the database and where migrations lie: a folder with one of them.
const environment = process.env;
const config = environment.FIREDRILL_RUN_GIVEN
  ? JSON.parse(environment.FIREDRILL_RUN_GIVEN)
  : await load(environment.FIREDRILL_RUN_CONFIG);

// What leads elsewhere, past the proxy, hides who it is, or asks for a certificate of production: options go before the
// connection string.
const ELSEWHERE = /^(appName|replicaSet|directConnection|loadBalanced|compressors|auth.*|tls.*|ssl.*|srv.*)$/;
const options = Object.fromEntries(
  Object.entries(config.mongodb?.options ?? {}).filter(([name]) => !ELSEWHERE.test(name)));

export default {
  ...config,
  mongodb: {
    ...config.mongodb,
    url: environment.FIREDRILL_RUN_URI,
    databaseName: environment.FIREDRILL_RUN_DATABASE,
    options,
  },
  migrationsDir: environment.FIREDRILL_RUN_MIGRATIONS,
};
