/** `pomona demo`: simulator and service on localhost, seeded through the Graph API, with a table of what came out. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Api, type ApiCredentials, connectApi, tokenEndpoint } from '../client/api.ts'
import { addClient } from '../domain/tenants/add-client.ts'
import { addTenant } from '../domain/tenants/add-tenant.ts'
import { newClientSecret } from '../issuer/client-secret.ts'
import { unlimitedCount } from '../model/apple-rows.ts'
import { Failure } from '../model/failure.ts'
import { type StartedProcess, startProcess } from './demo/child-process.ts'
import { seedTokens } from './demo/seed-tokens.ts'
import { createTokens, type DemoToken, isAsPromised, syncedTokens } from './demo/token-rows.ts'
import { withInstance } from './instance.ts'
import { say } from './output.ts'
import { progress } from './progress.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { stopSignal } from './serve.ts'
import { printTable } from './table.ts'
import { trustingFetch } from './trusting-fetch.ts'

const seedNames = ['small', 'states', 'external-mdm', 'duplicate-location']
const tenantId = '9a1e0f00-0000-4000-8000-000000000001'
const roles = ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementApps.ReadWrite.All']

/** Far more than the seeds need; a machine that takes longer has another problem. */
const syncLimitMs = 60_000

export function demoCommand(program: Command): void {
  addOutput(
    program
      .command('demo')
      .description(
        'Show everything on localhost: simulator, service, seeded tokens; nothing is kept',
      )
      .option(
        '--once',
        'end after the table; fails if a token is not in its promised state',
        false,
      ),
  ).action(async ({ once, output }: { once: boolean; output: OutputForm }) => {
    process.exitCode = await demo(once, output)
  })
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Stage {
  readonly folder: string
  readonly processes: StartedProcess[]
  isEnding: boolean
}

async function demo(isOnce: boolean, output: OutputForm): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-demo-'))
  const stage: Stage = { folder, processes: [], isEnding: false }
  const stopped = stopSignal(() => {
    // Nothing may be left behind, however often somebody presses Ctrl-C or closes the terminal meanwhile.
    for (const signal of endings) process.on(signal, () => undefined)
  }, endings)
  const shown = showOn(stage, isOnce, output)
  try {
    const isKept = await Promise.race([shown, stopped.then(() => true)])
    if (!isOnce) await stopped
    return isKept || !isOnce ? 0 : 1
  } finally {
    stage.isEnding = true
    for (const started of stage.processes.reverse()) await started.stop()
    // Whatever was still being shown fails now, and has been told when it failed by itself.
    await shown.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

/** True when every token reached the state and reason that its seed promises. */
async function showOn(stage: Stage, isOnce: boolean, output: OutputForm): Promise<boolean> {
  const { seeds, credentials, caFile } = await startOn(stage)
  const trusting = trustingFetch(await readFile(caFile, 'utf8'))
  try {
    const api = connectApi(trusting.fetch, credentials)
    const created = await createTokens(api, seeds)
    const bar = progress('syncing content tokens')
    const tokens = await syncedTokens(api, created, syncLimitMs, (ended) =>
      bar.show(ended, created.size),
    ).finally(() => bar.end())
    const wayIn = isOnce ? [] : await wayInLines({ api, credentials, caFile, folder: stage.folder })
    answer(output, {
      whole: demoFacts(credentials, caFile, tokens),
      rows: tokens,
      people: () => {
        say(
          `${tokens.length} content tokens, put in through the Graph API and synced with a simulated Apple:`,
        )
        say('')
        printTokens(tokens)
        wayIn.forEach(say)
      },
    })
    return tokens.length === seeds.length && tokens.every(isAsPromised)
  } finally {
    await trusting.close()
  }
}

async function startOn(stage: Stage) {
  const bar = progress('starting simulator and service')
  try {
    bar.show(0, 2)
    const simulator = await startOne(stage, 'simulator/bin', [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '-o', 'json'],
      ...['--at', new Date().toISOString(), '--seed', ...seedNames],
    ])
    bar.show(1, 2)
    const { dataUrl, controlUrl, controlKey } = simulator
    const dataDir = join(stage.folder, 'data')
    const keyFile = join(stage.folder, 'key', 'key.json')
    const client = await registerDemo(dataDir, keyFile)
    const { origin, caFile } = await startOne(stage, 'src/bin', [
      // Half of the tokens are broken on purpose, and the table says so.
      ...['serve', '--listen', '127.0.0.1:0', '--log-level', 'error', '-o', 'json'],
      ...['--data-dir', dataDir, '--key-file', keyFile],
      ...['--apple-mode', 'simulated', '--apple-url', String(dataUrl)],
    ])
    return {
      seeds: await seedTokens(String(controlUrl), String(controlKey)),
      credentials: { origin: String(origin), tenantId, ...client },
      caFile: String(caFile),
    }
  } finally {
    bar.end()
  }
}

/** On the stage before it is ready: whoever ends the demo meanwhile ends it too. */
async function startOne(stage: Stage, program: string, options: readonly string[]) {
  if (stage.isEnding) throw new Failure('unavailable', 'The demo is being stopped.')
  const started = startProcess(program, options, stage.folder)
  stage.processes.push(started)
  return started.facts
}

/** As an operator would: `pomona tenant add`, `pomona client add`. */
async function registerDemo(dataDir: string, keyFile: string) {
  const { secret, secretHash } = newClientSecret()
  const client = await withInstance(
    {
      'data-dir': dataDir,
      'key-file': keyFile,
      'storage-url': `sqlite:${join(dataDir, 'pomona.db')}`,
    },
    async (instance) => {
      await addTenant(instance, { id: tenantId, name: 'Pomona demo' })
      return addClient(instance, { tenantId, name: 'Demo client', roles, secretHash })
    },
    { isFirst: true },
  )
  return { clientId: client.id, clientSecret: secret }
}

function demoFacts(credentials: ApiCredentials, caFile: string, tokens: readonly DemoToken[]) {
  return {
    origin: credentials.origin,
    caFile,
    tokenEndpoint: tokenEndpoint(credentials),
    tenantId: credentials.tenantId,
    clientId: credentials.clientId,
    tokens,
  }
}

function printTokens(tokens: readonly DemoToken[]): void {
  printTable(
    ['TOKEN', 'STATE', 'REASON', 'EXPIRES', 'APPS', 'LICENCES USED/TOTAL', ''],
    tokens.map((token) => [
      token.displayName,
      token.state,
      token.stateReason,
      token.expirationDateTime.slice(0, 10),
      String(token.appCount),
      `${token.licenses.used}/${token.licenses.total === unlimitedCount ? 'unlimited' : token.licenses.total}`,
      isAsPromised(token) ? '' : `promised: ${token.expectedState}, ${token.expectedReason}`,
    ]),
  )
}

async function wayInLines(given: {
  readonly api: Api
  readonly credentials: ApiCredentials
  readonly caFile: string
  readonly folder: string
}): Promise<readonly string[]> {
  const { api, credentials, caFile, folder } = given
  // curl reads the header from the file, so that the access token never stands in a process list.
  const bearerFile = join(folder, 'bearer')
  await writeFile(bearerFile, `Authorization: Bearer ${await api.accessToken()}\n`, { mode: 0o600 })
  const url = `${credentials.origin}/v1.0/deviceAppManagement/vppTokens`
  return [
    '',
    'unclaimed: no server manages the location; Pomona reads it, and changes nothing there until you claim it.',
    '',
    `Ask Graph yourself, for 15 minutes (more at ${credentials.origin}/docs):`,
    `  curl --cacert ${caFile} -H @${bearerFile} '${url}'`,
    '',
    'Ctrl-C stops everything and removes its data.',
  ]
}
