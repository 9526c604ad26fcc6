// The registry's own process, started by startRegistry: it sends its address once it listens, and ends with its parent.
import { join } from 'node:path';
import { runServer } from 'verdaccio';

const [, , folder] = process.argv;

const server = await runServer({
  self_path: join(folder, 'config.yaml'),
  storage: join(folder, 'storage'),
  // No registry stands behind it: what is not published here is not found here.
  uplinks: {},
  packages: { '**': { access: '$all', publish: '$all', unpublish: '$all' } },
  auth: { htpasswd: { file: join(folder, 'users'), max_users: -1 } },
  web: { enable: false },
  max_body_size: '100mb',
  log: { type: 'stdout', format: 'pretty', level: 'error' },
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}/`));
process.on('disconnect', () => process.exit());
