/** `pomona license` and `pomona user` against a running service whose clock runs fast, with the simulator behind it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { observed } from '../../src/model/ownership.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncEnd, trueView } from './stored-truth.ts'

const kiel = '7000000000000001'
const mdmId = '5e1f0c4e-0000-4000-8000-00000000000b'
const factor = 60
const beganMs = Date.now()
const fast = {
  now: () => new Date(beganMs + (Date.now() - beganMs) * factor),
  sleep: (ms: number, signal?: AbortSignal) =>
    delay(ms / factor, undefined, signal ? { signal } : {}),
}

describe('pomona license and user', () => {
  let apple: AppleSide
  let service: RunningService
  let tokenId = ''
  let as: readonly string[] = []

  beforeAll(async () => {
    apple = await appleSide(['small'])
    await apple.control('PATCH', '/settings', {
      ...{ limits: { maxRequestPerSecond: 10_000 }, eventDelaySeconds: 0 },
    })
    await apple.control('PUT', `/libraries/${kiel}/mdm-info`, {
      ...{ id: mdmId, name: 'Pomona', metadata: 'pomona' },
    })
    service = await runningService({
      ...{ appleMode: 'simulated', appleUrl: apple.dataUrl, clock: fast },
    })
    await service.storage.forTenant(tenantId).transaction(({ ownership }) => {
      const at = '2026-12-01T09:00:00.0000000Z'
      return ownership.put({ ...observed({ locationId: kiel, mdmId, at }), state: 'ours' })
    })
    const [token] = await apple.tokensOf(kiel)
    tokenId = await addSynced(service, token?.file ?? '')
    const secretFile = join(service.dataDir, 'secret')
    await writeFile(secretFile, service.clientSecret)
    as = [
      ...['--origin', service.origin, '--tenant', tenantId, '--ca-file', service.caFile],
      ...['--client-id', service.clientId, '--client-secret-file', secretFile],
    ]
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  async function pomona(...options: readonly string[]) {
    const [group = '', verb = '', ...rest] = options
    const child = spawn(process.execPath, ['src/bin.ts', group, verb, ...rest, ...as], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      ended.stdout += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      ended.stderr += String(chunk)
    })
    const [exitCode] = await once(child, 'close')
    return { exitCode, ...ended }
  }

  test('list who holds what, in each form', async () => {
    const table = await pomona('license', 'list', tokenId, '--device', 'POMSER000001')
    expect([table.exitCode, table.stderr, table.stdout]).toEqual([
      ...[0, ''],
      expect.stringMatching(/^APP +NAME .*\n9000000001 +Tidepool Notes +STDQ +POMSER000001/),
    ])
    const csv = await pomona('license', 'list', tokenId, '--user', 'u-0001', '-o', 'csv')
    expect(csv.stdout.split('\n')).toEqual([
      'adamId,pricingParam,displayName,serialNumber,clientUserId,userEmailAddress',
      '9000000001,STDQ,Tidepool Notes,,u-0001,u-0001@harbour.example',
      expect.stringMatching(/^9000000003,PLUS,.*,,u-0001,u-0001@harbour.example$/),
      '',
    ])
    const yaml = await pomona('user', 'list', tokenId, '-o', 'yaml')
    expect(yaml.stdout).toContain('- clientUserId: "u-0001"\n')
  })

  test('show a plan and change nothing', async () => {
    const target = ['--app', '9000000001', '--device', 'POMSER000001', 'POMSER7', '--dry-run']
    const plan = await pomona('license', 'assign', tokenId, ...target)
    expect([plan.exitCode, plan.stderr]).toEqual([0, ''])
    expect(plan.stdout).toMatch(/to do +1 of 2\nleft out +1 alreadyDone/)
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('assign, wait, and tell what was not done by the exit code', async () => {
    const devices = ['--device', 'POMSER7', 'POMSER8', '--wait']
    const done = await pomona('license', 'assign', tokenId, '--app', '9000000001', ...devices)
    expect([done.exitCode, done.stderr]).toEqual([0, ''])
    expect(done.stdout).toMatch(/status +done\ndone +2 of 2/)
    const users = ['--user', 'nobody', '--wait', '-o', 'json']
    const failed = await pomona('license', 'assign', tokenId, '--app', '9000000001', ...users)
    expect(failed.exitCode).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ...{ status: 'failed', receipts: [{ reason: 'userNotFound', errorNumber: 9609 }] },
    })
  })

  test('list the changes, and show one of them', async () => {
    const listed = await pomona('license', 'changes', tokenId, '-o', 'json')
    const [first, second] = JSON.parse(listed.stdout)
    expect([first.status, second.status]).toEqual(['done', 'failed'])
    const shown = await pomona('license', 'show', second.id)
    expect([shown.exitCode, shown.stdout]).toEqual([
      ...[0, expect.stringMatching(/status +failed[\s\S]*nobody +failed +userNotFound +9609/)],
    ])
  })

  test('take back what devices hold that nobody knows', async () => {
    const list = join(service.dataDir, 'devices.csv')
    await writeFile(list, 'Serial Number,Name\nPOMSER000001,Tug\npomser000002,Ferry\n')
    const orphans = ['--orphans', list]
    const plan = await pomona('license', 'reclaim', tokenId, ...orphans, '--dry-run', '-o', 'json')
    expect(JSON.parse(plan.stdout)).toMatchObject({ toDoCount: 2, totalCount: 2 })
    const done = await pomona('license', 'reclaim', tokenId, ...orphans, '--wait')
    expect([done.exitCode, done.stdout]).toEqual([0, expect.stringMatching(/done +2 of 2/)])
    await syncEnd(service, tokenId)
    expect(await storedView(service, tokenId)).toEqual(await trueView(apple, kiel))
  })

  test('make and retire users', async () => {
    const made = await pomona(
      ...['user', 'create', tokenId, 'u-0009', '--email', 'u9@harbour.example', '--wait'],
    )
    expect([made.exitCode, made.stderr]).toEqual([0, ''])
    const retired = await pomona('user', 'retire', tokenId, 'u-0009', '--wait')
    expect(retired.exitCode).toBe(0)
    const { users } = await apple.control('GET', `/libraries/${kiel}/truth`)
    expect(users).toContainEqual(
      expect.objectContaining({ clientUserId: 'u-0009', status: 'Retired' }),
    )
  })

  test.each([
    [['license', 'reclaim'], /Give one of --device/],
    [['license', 'reclaim', '--all', '--app', '1'], /only one/],
    [['license', 'assign', '--app', '1'], /Give one of --device/],
    [['license', 'reclaim', '--orphans', '/nowhere'], /cannot be read/],
  ])(
    'say what is wrong with %j, with exit code 2',
    async ([group = '', verb = '', ...rest], why) => {
      const { exitCode, stderr } = await pomona(group, verb, tokenId, ...rest)
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(why)])
    },
  )
})
