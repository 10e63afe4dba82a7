import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { connectApi, type Fetch } from '../../src/client/api.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'

const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
const uId = '7000000000000001'

describe('a planted secret', () => {
  let folder = ''
  let apple: Started
  let service: Started
  let trusting: ReturnType<typeof trustingFetch>
  /** What must be found nowhere, by name. */
  let secrets: Readonly<Record<string, string>>
  /** Everything the programs said, by where they said it. */
  const said: Record<string, string> = {}

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-secret-'))
    const dataDir = join(folder, 'data')
    const keyFile = join(folder, 'key.json')
    const place = ['--data-dir', dataDir, '--key-file', keyFile]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'small'],
      ...['--at', 'now', '-o', 'json'],
    ])
    const control = controlOf(apple)
    const file: string = (await control('GET', `/libraries/${uId}/tokens`)).tokens[0].file
    const added = await runBuilt(pomona, [
      'tenant',
      'add',
      '--id',
      tenantId,
      '--name',
      'H',
      ...place,
    ])
    const client = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
    ])
    const { clientId, clientSecret } = JSON.parse(client.stdout)
    service = await startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '--log-level', 'debug', '-o', 'json', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])
    trusting = trustingFetch(await readFile(service.facts.caFile ?? '', 'utf8'))
    const origin = service.facts.origin ?? ''
    const api = connectApi(trusting.fetch, { origin, tenantId, clientId, clientSecret })
    const accessToken = await api.accessToken()
    secrets = {
      'the content token': file,
      'the inner token': JSON.parse(Buffer.from(file, 'base64').toString()).token,
      'the client secret': clientSecret,
      'the access token': accessToken,
      ...(await keysIn(keyFile)),
    }

    // The lookup gets the content token as a cookie for what not everybody is shown, and sends it back in an error.
    await control('PUT', '/catalog/9000000001', { custom: true })
    await control('POST', '/faults', {
      match: { path: '/WebObjects/*' },
      nth: 2,
      action: {
        status: 400,
        body: JSON.stringify({ errorNumber: 9602, errorMessage: `no ${file}` }),
      },
    })
    const set = '/beta/deviceAppManagement/vppTokens'
    const created = (await api.ask('POST', set, { token: file })) as { id: string }
    await untilSynced(async () => api.ask('GET', `${set}/${created.id}`))
    said['answers to bad requests'] = await badAnswers(trusting.fetch, `${origin}${set}`, {
      accessToken,
      file,
    })
    // Trouble at Apple's side: a refusal, an answer that is no JSON, a lost connection.
    for (const action of [
      { errorNumber: 9602, status: 400 },
      { body: '<html>' },
      { cut: 'midBody' },
    ]) {
      await control('POST', '/faults', { match: { path: '/mdm/v2/assets' }, action })
      await api.ask('POST', `${set}/${created.id}/syncLicenses`)
      await untilSynced(async () => api.ask('GET', `${set}/${created.id}`))
    }
    await control('POST', '/tokens/small-01/revoke')
    await api.ask('POST', `${set}/${created.id}/syncLicenses`)
    await untilSynced(async () => api.ask('GET', `${set}/${created.id}`))
    said['Graph’s view'] = JSON.stringify(await api.ask('GET', set))
    said['Pomona’s view'] = JSON.stringify(await api.ask('GET', '/pomona/v1/tokens'))
    said['the log'] = service.output()
    said.commands = added.stdout + added.stderr + client.stderr
    await service.stop()
    for (const name of await readdir(dataDir))
      said[`the file ${name}`] = await readFile(join(dataDir, name), 'latin1')
  }, 120_000)

  afterAll(async () => {
    await trusting?.close()
    await service?.stop()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('is found nowhere: not in the database, the log, the answers or what commands print', () => {
    expect(Object.keys(said)).toContain('the file pomona.db')
    expect(said['the log']).toContain('runEnded')
    expect(said['the log']).toContain('metadataUnread')
    expect(said['Pomona’s view']).toContain('revokedByApple')
    const found = Object.entries(secrets).flatMap(([name, secret]) =>
      Object.entries(said)
        .filter(([, text]) => text.includes(secret))
        .map(([where]) => `${name} in ${where}`),
    )
    expect(Object.values(secrets).every((secret) => secret.length > 10)).toBe(true)
    expect(found).toEqual([])
  })

  test('lies in files that only their owner may read', async () => {
    const modes = await Promise.all(
      ['key.json', 'data/pomona.db'].map(
        async (name) => (await stat(join(folder, name))).mode & 0o777,
      ),
    )
    expect(modes).toEqual([0o600, 0o600])
  })
})

function controlOf({ facts }: Started) {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  return async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${facts.controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': facts.controlKey ?? '',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
}

/** Every long text in the key file is a secret. */
async function keysIn(keyFile: string): Promise<Record<string, string>> {
  const text = await readFile(keyFile, 'utf8')
  const long = [...text.matchAll(/"([A-Za-z0-9+/=_-]{40,})"/g)].map(([, value = '']) => value)
  expect(long.length).toBeGreaterThan(1)
  return Object.fromEntries(long.map((value, index) => [`key ${index + 1}`, value]))
}

/** What the service says when a secret turns up where none belongs. */
async function badAnswers(
  fetch: Fetch,
  url: string,
  { accessToken, file }: { accessToken: string; file: string },
): Promise<string> {
  const json = { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' }
  const bodies = [
    JSON.stringify({ token: [file] }),
    JSON.stringify({ token: file.repeat(900) }),
    JSON.stringify({ token: file, state: 'wrong' }),
    JSON.stringify({ token: `${file}\u0000` }),
    `{"token":"${file}"`,
  ]
  const answers: string[] = []
  for (const body of bodies) {
    const answer = await fetch(url, { method: 'POST', headers: json, body })
    expect(answer.status).toBe(400)
    answers.push(await answer.text())
  }
  const withBadSignature = `${accessToken.slice(0, -8)}AAAAAAAA`
  const refused = await fetch(url, { headers: { Authorization: `Bearer ${withBadSignature}` } })
  expect(refused.status).toBe(401)
  return answers.join('\n') + (await refused.text())
}

async function untilSynced(read: () => Promise<unknown>): Promise<void> {
  for (let look = 0; look < 1_000; look++) {
    const { lastSyncStatus } = (await read()) as { lastSyncStatus: string }
    if (/completed|failed/.test(lastSyncStatus)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The sync did not end in time')
}
