/** The commands of /docs, pasted into a shell as they stand. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addLicenses, appId } from '../api/large-location.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)

describe.skipIf(!hasCurl)('the commands of /docs', () => {
  let service: RunningService
  let setUp = ''
  let commands: readonly string[] = []
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    await addLicenses(service.storage, 1)
    const { text } = await service.ask('GET', '/docs', { accessToken: null })
    const shown = [...text.matchAll(/<pre tabindex="0">([\s\S]*?)<\/pre>/g)]
    const [first = '', ...others] = shown.map(([, escaped = '']) => unescaped(escaped))
    setUp = first
      .replace('<tenant>', tenantId)
      .replace('<client>', service.clientId)
      .replace('<secret>', service.clientSecret)
    commands = others
  })
  afterAll(() => service.close())

  const sh = async (lines: string) => (await run('sh', ['-euc', lines])).stdout

  test('begin with lines that get an access token and a first id', async () => {
    const { json } = await service.ask('GET', '/v1.0/deviceAppManagement/vppTokens?$top=1')
    const echoed = await sh(`${setUp}\necho "$ID $ORG_ID $ACCESS_TOKEN"`)
    expect(echoed).toMatch(
      new RegExp(`^${json.value[0].id} ${tenantId} ey[\\w-]+(\\.[\\w-]+){2}\\n$`),
    )
  })

  test('say so when the sign-in fails', async () => {
    const wrong = setUp.replace(service.clientSecret, 'wrong')
    const { stdout, stderr } = await run('sh', ['-uc', `${wrong}\necho "<$ACCESS_TOKEN>"`])
    expect(stdout).toBe('<>\n')
    expect(stderr).toContain('error: 401')
  })

  test('read whatever the ids in the shell name', async () => {
    const path = `beta/deviceAppManagement/mobileApps/${appId}/graph.iosVppApp/assignedLicenses`
    const [license] = (await service.ask('GET', `/${path}`)).json.value
    const ids = `APP_ID=${appId}\nLICENSE_ID=${license.id}\nBUNDLE_ID=x\nEXPIRING_BEFORE_DATE_TIME=2027-01-01T00:00:00Z`
    const reads = commands.filter(
      (one) =>
        /^curl "/.test(one) &&
        !/BOOK_ID|RUN_ID|INTENT_ID|macOsVppApp.*_ID|APP_ID.*macOs/s.test(one),
    )
    expect(reads.length).toBeGreaterThan(25)
    const asked = reads.map((one) => `${one} -sS -o /dev/null -w '%{http_code} %{url}\\n'`)
    const answers = (await sh([setUp, ids, ...asked].join('\n'))).trim().split('\n')
    expect(answers.filter((one) => !one.startsWith('200 '))).toEqual([])
    expect(answers).toHaveLength(reads.length)
  })

  test('write what their bodies say', async () => {
    const create = commands.find(
      (one) => one.includes('-X POST') && one.includes('/v1.0/') && one.includes('vppTokens"'),
    )
    const created = JSON.parse(await sh(`${setUp}\n${create} -sS`))
    expect(created).toMatchObject({ appleId: '<appleId>', token: '<token>' })
    const change = commands.find((one) => one.includes('-X PATCH') && one.includes('/v1.0/'))
    expect(JSON.parse(await sh(`${setUp}\n${change} -sS`))).toMatchObject({
      automaticallyUpdateApps: true,
    })
  })
})

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
