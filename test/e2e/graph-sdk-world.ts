/** The built program beside the built simulator, and tools of others run against it as processes of their own. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { connectApi } from '../../src/client/api.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'

const run = promisify(execFile)

export const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
export const readWrite = 'DeviceManagementServiceConfig.ReadWrite.All'
const uId = '7000000000000001'

type Variables = Readonly<Record<string, string>>

export interface SdkWorld {
  readonly service: Started
  /** What a tool is told through its environment: where the service is, and who signs in. */
  readonly environment: Variables
  readonly dataDir: string
  /** Runs the script beside this file and answers the JSON it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  session(script: string, variables?: Variables): Promise<any>
  addClient(...roles: readonly string[]): Promise<Variables>
  /** Another download for the simulator's location, by an account of its own: the ones before stay good. */
  issued(): Promise<string>
  written(name: string, text: string): Promise<string>
  /** Creates these tokens through the API; answers their ids. */
  addTokens(bodies: readonly object[]): Promise<readonly string[]>
  close(): Promise<void>
}

/** `options`: beyond those that every such service is started with. */
export async function sdkWorld(options: readonly string[] = []): Promise<SdkWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-sdk-'))
  const dataDir = join(folder, 'data')
  const place = ['--data-dir', dataDir, '--key-file', join(folder, 'key.json')]
  const apple = await startBuilt(simulator, [
    ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'small'],
    ...['--at', 'now', '-o', 'json'],
  ])
  await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
  const addClient: SdkWorld['addClient'] = async (...roles) => {
    const { stdout } = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...roles.flatMap((role) => ['--role', role]),
    ])
    const { clientId, clientSecret } = JSON.parse(stdout)
    return { POMONA_TEST_CLIENT: clientId, POMONA_TEST_SECRET: clientSecret }
  }
  const client = await addClient(readWrite, 'DeviceManagementApps.ReadWrite.All')
  const service = await startBuilt(pomona, [
    ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', ...place],
    ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? '', ...options],
  ])
  const environment = {
    ...client,
    POMONA_TEST_ORIGIN: service.facts.origin ?? '',
    POMONA_TEST_TENANT: tenantId,
    NODE_EXTRA_CA_CERTS: service.facts.caFile ?? '',
  }
  let downloads = 0

  return {
    service,
    environment,
    dataDir,
    addClient,
    async session(script, variables = {}) {
      const { stdout } = await run(process.execPath, [`test/e2e/${script}.ts`], {
        env: { ...process.env, ...environment, ...variables },
        maxBuffer: 16 * 1_024 * 1_024,
      })
      return JSON.parse(stdout)
    },
    async issued() {
      downloads += 1
      const { controlUrl, controlKey = '' } = apple.facts
      const response = await fetch(`${controlUrl}/worlds/main/libraries/${uId}/tokens`, {
        method: 'POST',
        headers: { 'X-Simulator-Key': controlKey, 'content-type': 'application/json' },
        body: JSON.stringify({ account: `n${downloads}@harbour.example` }),
      })
      return ((await response.json()) as { file: string }).file
    },
    async written(name, text) {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    },
    async addTokens(bodies) {
      const trusting = trustingFetch(await readFile(environment.NODE_EXTRA_CA_CERTS, 'utf8'))
      const api = connectApi(trusting.fetch, {
        origin: environment.POMONA_TEST_ORIGIN,
        tenantId,
        clientId: client.POMONA_TEST_CLIENT ?? '',
        clientSecret: client.POMONA_TEST_SECRET ?? '',
      })
      const ids: string[] = []
      for (let from = 0; from < bodies.length; from += 25) {
        const answers = bodies
          .slice(from, from + 25)
          .map((body) => api.ask('POST', '/beta/deviceAppManagement/vppTokens', body))
        for (const answer of await Promise.all(answers)) ids.push((answer as { id: string }).id)
      }
      await trusting.close()
      return ids
    },
    async close() {
      await service.stop()
      await apple.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
