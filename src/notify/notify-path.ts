const root = '/apple/notify/'

/** Where Apple sends the notifications of one channel. */
export function notifyPath(channelId: string): string {
  return `${root}${channelId}`
}

export function isNotifyPath(target: string): boolean {
  return target.startsWith(root)
}

/** The id in a path below the root; undefined for any other path. Query options are no part of it. */
export function channelIdIn(target: string): string | undefined {
  const id = target.slice(root.length).split('?', 1)[0] ?? ''
  return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : undefined
}
