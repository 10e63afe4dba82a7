/** The content tokens of Apple's side, asked of its control plane, each with what a manager is going to see of it. */
export interface SeedToken {
  readonly displayName: string
  readonly account: string
  /** The text of the `.vpptoken` file. */
  readonly file: string
  readonly promisedState: string
  readonly promisedReason: string
}

export async function seedTokens(controlUrl: string, key: string): Promise<readonly SeedToken[]> {
  const world = `${controlUrl}/worlds/main`
  const { libraries } = (await readJson(`${world}/libraries`, key)) as {
    libraries: readonly { uId: string }[]
  }
  const all: SeedToken[] = []
  for (const { uId } of libraries) {
    const { tokens } = (await readJson(`${world}/libraries/${uId}/tokens`, key)) as {
      tokens: readonly SeedToken[]
    }
    all.push(...tokens)
  }
  return all
}

async function readJson(url: string, key: string): Promise<unknown> {
  const response = await fetch(url, { headers: { 'X-Simulator-Key': key } })
  if (!response.ok)
    throw new Error(`The simulator answered ${response.status} at ${new URL(url).pathname}`)
  return response.json()
}
