import type { AppleAnswer, TestDrive } from './test-drive.ts'

/** The calls that most tests of writes make. */
export function writesOf(drive: TestDrive, token: string, uId: string) {
  const post = (path: string, body: unknown) =>
    drive.apple(path, token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const control = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await drive.control(method, `/worlds/main${path}`, body)
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${json?.error}`)
    return json
  }
  const status = async (eventId: string) =>
    (await drive.apple(`/status?eventId=${eventId}`, token)).json
  const advance = (advanceSeconds: number) => control('POST', '/clock', { advanceSeconds })
  return {
    post,
    control,
    status,
    advance,
    /** Posts, lets the event come to its end and answers its status. */
    async ended(path: string, body: unknown) {
      const { json } = await post(path, body)
      await advance(2)
      return status(json.eventId)
    },
    truth: () => control('GET', `/libraries/${uId}/truth`),
    /** total, available, assigned, retired */
    async counts(adamId: string, pricingParam = 'STDQ'): Promise<number[]> {
      const { assets } = await control('GET', `/libraries/${uId}/truth`)
      const row = assets.find(
        (asset: { adamId: string; pricingParam: string }) =>
          asset.adamId === adamId && asset.pricingParam === pricingParam,
      )
      return [row.totalCount, row.availableCount, row.assignedCount, row.retiredCount]
    },
    switchTo: (switches: object) => control('PATCH', '/switches', switches),
  }
}

export function outcomeOf({ status, json }: AppleAnswer): [number, number | undefined] {
  return [status, json?.errorNumber]
}
