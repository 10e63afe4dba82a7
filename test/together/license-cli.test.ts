/** `pomona license` and `pomona user` against a running service whose clock runs fast, with the simulator behind it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { observed } from '../../src/model/ownership.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { spokenCommand } from './spoken-command.ts'
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

  const pomona = (...words: readonly string[]) => spokenCommand([...words, ...as])

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
    expect(plan.stdout).toMatch(
      /^9000000001 STDQ: 1 to do \(now 8 free, 2 assigned\)\nto do +1 of 2\nleft out +1 alreadyDone/,
    )
    expect(plan.stdout).toMatch(/\nNothing was changed. Repeat the command without --dry-run/)
    const one = ['--app', '9000000001', '--device', 'POMSER000001', '--dry-run']
    const nothing = await pomona('license', 'assign', tokenId, ...one)
    expect(nothing.stdout).toMatch(/\nNothing was changed, and nothing would be.\n$/)
    const book = ['--app', '9000000003', '--user', 'u-0001', 'nobody', '--dry-run']
    const quality = await pomona('license', 'assign', tokenId, ...book)
    expect(quality.stdout).toMatch(/left out +2 otherQualityOwned[\s\S]*--quality PLUS/)
    const user = await pomona('user', 'retire', tokenId, 'nobody', '--dry-run', '-o', 'json')
    expect(JSON.parse(user.stdout)).toMatchObject({
      ...{ totalCount: 1, toDoCount: 0, skipped: { userNotFound: 1 } },
      pairs: [
        {
          ...{ clientUserId: 'nobody', skippedFor: 'userNotFound' },
          message: expect.stringMatching(/^No such user is registered/),
        },
      ],
    })
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('assign, wait, and tell what was not done by the exit code', async () => {
    const devices = ['--device', 'POMSER7,POMSER8', '--wait']
    const done = await pomona('license', 'assign', tokenId, '--app', '9000000001', ...devices)
    expect([done.exitCode, done.stderr.split('\n')]).toEqual([
      ...[0, ['pomona: assign: under way.', 'pomona: assign: done, 2 of 2 done.', '']],
    ])
    expect(done.stdout).toMatch(/status +done\ndone +2 of 2/)
    const users = ['--user', 'nobody', '--wait', '-o', 'json']
    const failed = await pomona('license', 'assign', tokenId, '--app', '9000000001', ...users)
    expect(failed.exitCode).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ...{ status: 'failed', receipts: [{ reason: 'userNotFound', errorNumber: 0 }] },
    })
  })

  test('list the changes, and show one of them', async () => {
    const listed = await pomona('license', 'changes', tokenId, '-o', 'json')
    const [newest, oldest] = JSON.parse(listed.stdout)
    expect([newest.status, oldest.status]).toEqual(['failed', 'done'])
    const shown = await pomona('license', 'show', newest.id)
    expect([shown.exitCode, shown.stdout]).toEqual([
      0,
      expect.stringMatching(
        /status +failed[\s\S]*nobody +failed +userNotFound +-\nuserNotFound: No such user .*pomona user create/,
      ),
    ])
    const absent = await pomona('license', 'show', '11111111-1111-4111-8111-111111111111')
    expect([absent.exitCode, absent.stderr]).toEqual([
      2,
      expect.stringMatching(/There is no change/),
    ])
  })

  test('take nothing away unless somebody agrees', async () => {
    const truth = await apple.control('GET', '/events')
    const all = await pomona('license', 'reclaim', tokenId, '--all')
    expect([all.exitCode, all.stdout]).toEqual([2, ''])
    expect(all.stderr).toMatch(
      /^9000000001 STDQ: 4 to do[\s\S]*\nto do +5 of 6\nleft out +1 notRevocable[\s\S]*\npomona: Nothing was changed. To do it, repeat the command with --yes\.\n$/,
    )
    const dry = await pomona('license', 'reclaim', tokenId, '--all', '--dry-run')
    expect([dry.exitCode, dry.stdout]).toEqual([
      0,
      expect.stringMatching(/Repeat the command with --yes instead of --dry-run to do it.\n$/),
    ])
    for (const verb of ['license unassign', 'user retire']) {
      const rest = verb === 'user retire' ? ['u-0001'] : ['--app', '9000000001', '--user', 'u-0001']
      const asked = await pomona(...verb.split(' '), tokenId, ...rest)
      expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringMatching(/with --yes\./)])
    }
    const nothing = await pomona('license', 'reclaim', tokenId, '--user', 'u-0003')
    expect([nothing.exitCode, nothing.stdout]).toEqual([
      ...[0, expect.stringMatching(/There is nothing to take away; nothing was changed.\n$/)],
    ])
    const nobody = await pomona('user', 'retire', tokenId, 'nobody')
    expect([nobody.exitCode, nobody.stdout]).toEqual([1, expect.stringMatching(/userNotFound: /)])
    expect(await apple.control('GET', '/events')).toEqual(truth)
  })

  test.each([
    ['--device', 'UNHEARD-OF', /No licence of that device here: 'UNHEARD-OF' holds none/],
    ['--user', 'nobody', /No licence of that user here: no 'nobody' is registered/],
    ['--app', '9999999999', /No licence of that app here: the location does not own '9999999999'/],
  ])('store no reclaim of %s %s, which is not there', async (option, name, why) => {
    const changes = (await pomona('license', 'changes', tokenId)).stdout
    for (const how of [['--yes'], ['--dry-run'], []]) {
      const absent = await pomona('license', 'reclaim', tokenId, option, name, ...how)
      expect([absent.exitCode, absent.stdout]).toEqual([2, ''])
      expect(absent.stderr).toMatch(why)
    }
    expect((await pomona('license', 'changes', tokenId)).stdout).toBe(changes)
  })

  test('tell by the exit code of a dry run that nothing of it can be done', async () => {
    const assign = (...users: readonly string[]) =>
      pomona('license', 'assign', tokenId, '--app', '9000000001', '--user', ...users, '--dry-run')
    expect((await assign('nobody')).exitCode).toBe(1)
    expect((await assign('nobody', 'u-0003')).exitCode).toBe(0)
    expect((await assign('u-0001')).exitCode).toBe(0)
    expect((await pomona('user', 'retire', tokenId, 'nobody', '--dry-run')).exitCode).toBe(1)
  })

  test('show which licences and users would go, the first twenty', async () => {
    const users = await pomona('user', 'retire', tokenId, 'u-0001', 'u-0003', '--dry-run')
    expect(users.stdout).toMatch(
      /\nuser u-0001, with 2 licences: 9000000001 STDQ, 9000000003 PLUS \(notRevocable\)\nuser u-0003, without licences\nNothing was changed/,
    )
    const reclaim = await pomona('license', 'reclaim', tokenId, '--app', '9000000001')
    expect(reclaim.stderr).toMatch(
      /\n9000000001 STDQ from device POMSER000001\n[\s\S]*9000000001 STDQ from user u-0001\n[\s\S]*pomona: Nothing/,
    )
  })

  test.each([
    [Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7) % 256)), /no text has/],
    ['POMSER000001\nHarbour Office\n', /'Harbour Office' in the file '.*' cannot be a serial/],
    ['ELSEWHERE1\nELSEWHERE2\n', /2 serial numbers read, 0 of them hold .*\n.*None of .* --all/],
  ])(
    'take nothing back by a list of devices that is none of the location %#',
    async (list, why) => {
      const changes = (await pomona('license', 'changes', tokenId)).stdout
      const file = join(service.dataDir, 'wrong')
      await writeFile(file, list)
      for (const how of ['--yes', '--dry-run']) {
        const wrong = await pomona('license', 'reclaim', tokenId, '--orphans', file, how)
        expect([wrong.exitCode, wrong.stdout]).toEqual([2, ''])
        expect(wrong.stderr).toMatch(why)
      }
      expect((await pomona('license', 'changes', tokenId)).stdout).toBe(changes)
    },
  )

  test('take back what devices hold that nobody knows', async () => {
    const list = join(service.dataDir, 'devices.csv')
    await writeFile(list, 'Serial Number,Name\nPOMSER000001,Tug\npomser000002,Ferry\n')
    const orphans = ['--orphans', list]
    const plan = await pomona('license', 'reclaim', tokenId, ...orphans, '--dry-run', '-o', 'json')
    expect(JSON.parse(plan.stdout)).toMatchObject({ toDoCount: 2, totalCount: 2 })
    const done = await pomona('license', 'reclaim', tokenId, ...orphans, '--yes', '--wait')
    expect([done.exitCode, done.stdout]).toEqual([0, expect.stringMatching(/done +2 of 2/)])
    expect(done.stderr).toMatch(/^pomona: 2 serial numbers read, 2 of them hold licences here.\n/)
    await syncEnd(service, tokenId)
    expect(await storedView(service, tokenId)).toEqual(await trueView(apple, kiel))
  })

  test('name what was left as it was, and give programs every receipt', async () => {
    const done = await pomona('license', 'reclaim', tokenId, '--user', 'u-0001', '--yes', '--wait')
    expect([done.exitCode, done.stdout]).toEqual([
      0,
      expect.stringMatching(
        /9000000003 +PLUS +- +u-0001 +skipped +notRevocable +-\nnotRevocable: /,
      ),
    ])
    expect(done.stdout).not.toMatch(/as wanted/)
    await syncEnd(service, tokenId)
    const [{ id }] = JSON.parse((await pomona('license', 'changes', tokenId, '-o', 'json')).stdout)
    const { receipts } = JSON.parse((await pomona('license', 'show', id, '-o', 'json')).stdout)
    expect(receipts.map(({ status }: { status: string }) => status).sort()).toEqual([
      ...['done', 'skipped'],
    ])
  })

  test('make and retire users', async () => {
    const made = await pomona(
      ...['user', 'create', tokenId, 'u-0009', '--email', 'u9@harbour.example', '--wait'],
    )
    expect(made.exitCode).toBe(0)
    const retired = await pomona('user', 'retire', tokenId, 'u-0009', '--yes', '--wait')
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
    [['license', 'reclaim', '--orphans', '/nowhere'], /cannot be read|There is no file/],
    [['license', 'assign', '--app', 'abc', '--device', 'A'], /'abc' .*\(--app\).*361309726/],
    [['license', 'reclaim', '--device', 'A,B'], /--device.*one device/],
    [
      ['license', 'assign', '--app', '1', '--device', 'A_B'],
      /'A_B' in --device cannot be a serial/,
    ],
  ])(
    'say what is wrong with %j, with exit code 2',
    async ([group = '', verb = '', ...rest], why) => {
      const { exitCode, stderr } = await pomona(group, verb, tokenId, ...rest)
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(why)])
    },
  )

  test('list apps in each form, and tell no token from one without apps', async () => {
    const csv = await pomona('app', 'list', '--token', tokenId, '-o', 'csv')
    expect(csv.stdout).toMatch(/^.*adamId.*\n[\s\S]*9000000001/)
    const yaml = await pomona('app', 'list', '--low', '0', '-o', 'yaml')
    expect([yaml.exitCode, yaml.stdout]).toEqual([0, '[]\n'])
    const absent = ['--token', '11111111-1111-4111-8111-111111111111']
    const none = await pomona('app', 'list', ...absent)
    expect([none.exitCode, none.stdout]).toEqual([2, ''])
    expect(none.stderr).toMatch(/There is no /)
  })

  test('show what is short with its counts', async () => {
    const devices = Array.from({ length: 6 }, (_, at) => `SHORT${at}`).join(',')
    const given = ['--app', '9000000002', '--device', devices, '--wait']
    const assigned = await pomona('license', 'assign', tokenId, ...given)
    expect([assigned.exitCode, assigned.stdout]).toEqual([
      1,
      expect.stringMatching(
        /done +5 of 6[\s\S]*\nnotEnoughLicences: [^\n]*\n9000000002: \d of 5 licences are free, as the last sync found it.\n$/,
      ),
    ])
  })

  test('are told to claim a location that is not Pomona’s, and not to repeat what is refused', async () => {
    const { ownership } = service.storage.forTenant(tenantId).reads
    const ours = await ownership.find(kiel)
    if (!ours) throw new Error('the location is not known')
    const put = (state: 'ours' | 'observe') =>
      service.storage
        .forTenant(tenantId)
        .transaction((stores) => stores.ownership.put({ ...ours, state }))
    await put('observe')
    const dry = await pomona('license', 'reclaim', tokenId, '--all', '--dry-run')
    expect([dry.exitCode, dry.stderr]).toEqual([2, expect.stringMatching(/pomona token claim/)])
    expect(dry.stdout).toMatch(/Nothing was changed, and it would be refused now.\n$/)
    const asked = await pomona('license', 'reclaim', tokenId, '--all')
    expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringMatching(/pomona token claim/)])
    await put('ours')
  })
})
