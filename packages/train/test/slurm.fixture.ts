import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's packages slurmctld, slurmd and munge have theirs there, which is not on every user's path. */
const PATH = `${process.env.PATH}:/usr/sbin`;

/** Whether Slurm and its authentication are installed: each of their programs starts, though most ask for a configuration. */
export const hasSlurm = (): boolean =>
  ['slurmctld', 'slurmd', 'munged', 'sbatch'].every(
    (program) => spawnSync(program, ['-V'], { env: { ...process.env, PATH } }).error === undefined,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}

const NODES = ['node1', 'node2'];

/** Two nodes of one processor each on this host, as a user of any kind, without cgroups. */
const configuration = (folder: string, port: number, nodePorts: readonly number[]) => `
ClusterName=nem
SlurmctldHost=${hostname().split('.')[0]}(127.0.0.1)
SlurmctldPort=${port}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
CredType=cred/munge
# A task that is requeued waits for as long as a credential lasts: five seconds are the least.
AuthInfo=socket=${folder}/munge/socket,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
# A machine that is busy with other tests is slow, not down.
BatchStartTimeout=120
MessageTimeout=60
${NODES.map((name, i) => `NodeName=${name} NodeHostname=${hostname().split('.')[0]} NodeAddr=127.0.0.1 Port=${nodePorts[i]} CPUs=1 RealMemory=1000`).join('\n')}
PartitionName=main Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP
`;

/** A cluster of Slurm. */
export interface Cluster {
  /** Runs one of Slurm's commands; what it prints. @throws Error with what it says where it fails */
  slurm(command: string, ...args: string[]): string;
  /** What the cluster's daemons have said, for a test that fails. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts munged, slurmctld and two slurmd in a folder.
 * @param path in front of PATH where jobs run
 */
export async function startCluster(folder: string, path: string): Promise<Cluster> {
  const conf = join(folder, 'slurm.conf');
  const env = { ...process.env, PATH: `${path}:${PATH}`, SLURM_CONF: conf };
  const daemons: ChildProcess[] = [];
  const start = (command: string, ...args: string[]) => {
    daemons.push(spawn(command, args, { env, cwd: folder, stdio: 'ignore' }));
  };
  const log = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => `${name}:\n${readFileSync(join(folder, name), 'utf8')}`)
      .join('\n');
  const slurm = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      env,
      cwd: folder,
      encoding: 'utf8',
      timeout: 30_000,
    });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}\n${log()}`);
    return stdout.trim();
  };
  const stop = async () => {
    if (existsSync(join(folder, 'slurmctld.pid'))) spawnSync('scancel', ['--full', '--signal=KILL', '--me'], { env });
    for (const daemon of daemons.reverse()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      daemon.kill();
      await once(daemon, 'exit');
    }
  };
  for (const name of ['munge', 'state']) mkdirSync(join(folder, name));
  // munged wants its socket to be reachable for all.
  for (const open of [folder, join(folder, 'munge')]) chmodSync(open, 0o711);
  writeFileSync(join(folder, 'munge/key'), randomBytes(1024), { mode: 0o400 });
  writeFileSync(conf, configuration(folder, await freePort(), await Promise.all(NODES.map(freePort))));
  start(
    ...(['munged', '--foreground'] as const),
    ...['socket', 'key-file', 'pid-file', 'log-file', 'seed-file'].map(
      (name) => `--${name}=${join(folder, 'munge', name.split('-')[0] as string)}`,
    ),
  );
  for (let wait = 0; !existsSync(join(folder, 'munge/socket')) && wait < 1000; wait++) await sleep(10);
  start('slurmctld', '-D');
  for (const name of NODES) start('slurmd', '-D', '-N', name);
  const idle = () => spawnSync('sinfo', ['-h', '-t', 'idle', '-o', '%D'], { env, encoding: 'utf8' }).stdout.trim();
  for (let wait = 0; idle() !== String(NODES.length); wait++) {
    if (wait === 300) throw new Error(`the cluster does not start: ${log()}`);
    await sleep(100);
  }
  return { slurm, log, stop };
}
