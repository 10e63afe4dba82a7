/** Looks into the files that settings name, without changing anything, so that `config check` finds what the start would. */
import { X509Certificate } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdtemp, readFile, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { givenCertificate } from '../compose/given-certificate.ts'
import { Failure } from '../model/failure.ts'
import { findKeyFile } from '../sealing/key-file.ts'
import type { ResolvedSettings, SettingProblem } from './read-settings.ts'
import type { ServiceSettingName } from './settings.ts'

type Resolved = ResolvedSettings<ServiceSettingName>

export async function fileProblems(
  { values }: Resolved,
  now: Date,
): Promise<readonly SettingProblem[]> {
  const problems: SettingProblem[] = []
  const look = async (setting: ServiceSettingName, check: () => Promise<void>) => {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      problems.push({ setting, message: error.message })
    }
  }
  await look('data-dir', () => requireWritableFolder(values['data-dir']))
  const keyFile = values['key-file']
  if (keyFile !== undefined)
    await look('key-file', async () => {
      await findKeyFile(keyFile)
    })
  const appleCa = values['apple-ca']
  if (appleCa !== undefined) await look('apple-ca', () => requireCertificate('apple-ca', appleCa))
  const [certificate, key] = [values['tls-cert'], values['tls-key']]
  if (certificate !== undefined && key !== undefined)
    await look('tls-cert', async () => {
      await givenCertificate({ certFile: certificate, keyFile: key, now: () => now })
    })
  return problems
}

/** A folder that is not there yet is made at the first start: whether it can be is tried where it would stand. */
async function requireWritableFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return
  try {
    if (!(await stat(path)).isDirectory())
      throw wrong(`--data-dir names '${path}', which is no folder.`)
    await access(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof Failure) throw error
    const { code } = error as { code?: string }
    if (code === 'ENOENT' || code === 'ENOTDIR') return requireRoomFor(resolve(path))
    throw wrong(`The account that runs Pomona may not write to the folder '${path}' (--data-dir).`)
  }
}

/** By trying: rights alone tell nothing of a place such as /proc, that takes nothing from anybody. */
async function requireRoomFor(path: string): Promise<void> {
  const above = await nearestFolder(path)
  try {
    await rmdir(await mkdtemp(join(above, '.pomona-')))
  } catch (error) {
    const { code } = error as { code?: string }
    throw wrong(
      `The data folder '${path}' (--data-dir) is not there and cannot be made in '${above}' (${code ?? 'unknown reason'}). Check that this is a folder and writable for the account that runs Pomona, or name another one.`,
    )
  }
}

/** The closest place above that is there. */
async function nearestFolder(path: string): Promise<string> {
  const above = dirname(path)
  try {
    await stat(above)
    return above
  } catch {
    return above === path ? above : nearestFolder(above)
  }
}

async function requireCertificate(setting: string, path: string): Promise<void> {
  const text = await readText(setting, path)
  try {
    new X509Certificate(text)
  } catch {
    throw wrong(`The file '${path}' (--${setting}) holds no PEM certificate.`)
  }
}

async function readText(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `The file '${path}' (--${setting}) cannot be read. Check that it exists and that you may read it.`,
      { cause },
    )
  }
}

function wrong(message: string): Failure {
  return new Failure('misconfigured', message)
}
