/** Who manages a location, licences that run short, and the monitor's check: the built commands against a running service. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliWorld, cliWorld, role, tenantId } from './cli-world.ts'

const held = '7000000000000020'
const oldMdm = '5e1f0c4e-0000-4000-8000-0000000000ff'

describe('pomona token owner, claim and release, built', () => {
  let world: CliWorld
  let id = ''
  const as = ['--profile', 'hq']

  beforeAll(async () => {
    world = await cliWorld(['external-mdm', 'shortage', 'states'])
    const { run, place, origin } = world
    await run([
      ...['client', 'add', '--tenant', tenantId, '--role', role, '--profile', 'hq'],
      ...['--role', 'DeviceManagementApps.ReadWrite.All', '--origin', origin, ...place],
    ])
  }, 60_000)
  afterAll(() => world?.close())

  async function add(uId: string): Promise<string> {
    const [{ file, tokenId }] = (await world.control('GET', `/libraries/${uId}/tokens`)).tokens
    const path = join(world.folder, `${tokenId}.vpptoken`)
    await writeFile(path, file)
    const { stdout } = await world.run(['token', 'add', path, ...as, '-o', 'json'])
    const added = JSON.parse(stdout).id
    await world.run(['token', 'sync', added, '--wait', ...as])
    return added
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  async function owner(): Promise<any> {
    return JSON.parse((await world.run(['token', 'owner', id, ...as, '-o', 'json'])).stdout)
  }

  test('a tenant without tokens is nothing a monitor can judge', async () => {
    expect(await world.run(['check', ...as])).toEqual({
      ...{ exitCode: 3, stderr: '', stdout: 'POMONA UNKNOWN: the tenant has no tokens\n' },
    })
  })

  test('shows who holds the location and what a claim would change', async () => {
    id = await add(held)
    const { stdout, exitCode } = await world.run(['token', 'owner', id, ...as])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('observe (read only)')
    expect(stdout).toContain(`Old MDM (id ${oldMdm})`)
    expect(stdout).toContain('licences that are assigned stay assigned')
  })

  test('claims and releases nothing unless somebody says so', async () => {
    const claim = ['token', 'claim', id, ...as]
    const shown = await world.run(claim)
    expect(shown.exitCode).toBe(2)
    expect([shown.stdout, shown.stderr.includes('Old MDM')]).toEqual(['', true])
    expect(shown.stderr).toContain(`repeat the command with --holder ${oldMdm} --yes.`)
    expect((await world.run([...claim, '--dry-run'])).exitCode).toBe(0)
    const other = await world.run([...claim, '--holder', 'somebody', '--yes'])
    expect([other.exitCode, other.stderr.includes('not by the one that was seen')]).toEqual([
      2,
      true,
    ])
    const release = await world.run(['token', 'release', id, ...as, '--yes'])
    expect([release.exitCode, release.stderr.includes('nothing to give up')]).toEqual([2, true])
    expect(await owner()).toMatchObject({ isClaimPending: false, ownershipState: 'observe' })
  })

  test('claims from the server that was seen', async () => {
    const { stdout, exitCode } = await world.run([
      ...['token', 'claim', id, '--holder', oldMdm, '--yes', ...as],
    ])
    expect([exitCode, stdout.includes('The location is being claimed')]).toEqual([0, true])
    await world.run(['token', 'sync', id, '--wait', ...as])
    expect(await owner()).toMatchObject({
      ...{ isClaimPending: false, isHeldByPomona: true, holder: { name: 'Pomona' } },
    })
    const { mdmInfo } = await world.control('GET', `/libraries/${held}/truth`)
    expect(mdmInfo).toMatchObject({ name: 'Pomona', metadata: 'pomona' })
  })

  test('the audit names the client that did it', async () => {
    const list = ['audit', 'list', '--tenant', tenantId, '-o', 'json', ...world.place]
    const events: { action: string; actorName: string | null }[] = JSON.parse(
      (await world.run(list)).stdout,
    )
    const actors = new Map(events.map(({ action, actorName }) => [action, actorName]))
    expect(actors.get('token.claimRequested')).toBe('client')
    expect(actors.get('token.stateChanged')).toBe(null)
  })

  test('lists apps, and those that run short', async () => {
    const short = await add('7000000000000050')
    const list = async (...options: readonly string[]) =>
      JSON.parse((await world.run(['app', 'list', ...options, ...as, '-o', 'json'])).stdout)
    expect((await list('--token', short)).length).toBeGreaterThan(0)
    expect((await list()).length).toBeGreaterThan((await list('--token', short)).length)
    expect(await list('--low', '3', '--token', short)).toMatchObject([
      { adamId: '9000050001', availableLicenseCount: 3, tokenId: short },
    ])
    expect(await list('--low', '2', '--token', short)).toEqual([])
    const table = await world.run(['app', 'list', '--low', '100%', ...as])
    expect(table.stdout).toMatch(/^ADAMID +NAME/)
    expect((await world.run(['app', 'list', '--low', 'few', ...as])).exitCode).toBe(2)
  })

  test('judges the tokens for a monitor', async () => {
    const check = (...options: readonly string[]) => world.run(['check', ...options, ...as])
    const fine = await check('--warn', '1d', '--crit', '1h')
    expect([fine.exitCode, fine.stdout]).toEqual([0, 'POMONA OK: 2 tokens\n'])
    expect((await check('--warn', '9999d', '--crit', '1h')).exitCode).toBe(1)
    expect((await check('--warn', '9999d', '--crit', '9998d')).exitCode).toBe(2)
    const upsideDown = await check('--warn', '7d', '--crit', '30d')
    expect(upsideDown).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('--warn 7d is not longer than --crit 30d'),
    })
    expect((await check('--warn', 'soon')).exitCode).toBe(3)
    await add('7000000000000012')
    const { exitCode, stdout } = await check('-o', 'json')
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'critical', exitCode: 2 })
    const down = await world.run(['check', ...as, '--origin', 'https://localhost:1'])
    expect([down.exitCode, down.stdout.startsWith('POMONA UNKNOWN: ')]).toEqual([3, true])
  })
})
