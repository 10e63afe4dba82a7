import { iconPicture } from '../catalog/icon-picture.ts'
import type { Answer } from './answer.ts'
import type { OpenCall } from './request.ts'

export const iconPath = '/icons/{adamId}/{size}'

const largestSide = 1024

/** A picture for an app, drawn on demand: `/icons/9000000001/512x512bb.png`. Anything else is a 404. */
export function getIcon({ params }: OpenCall): Answer {
  const { adamId = '', size = '' } = params
  const [, width = '', height = ''] = /^(\d{1,4})x(\d{1,4})bb\.png$/.exec(size) ?? []
  const sides = [Number(width), Number(height)] as const
  const isDrawable =
    /^\d{1,18}$/.test(adamId) && sides.every((side) => side >= 1 && side <= largestSide)
  if (!isDrawable) return { status: 404, headers: {}, body: '' }
  return {
    status: 200,
    headers: { 'content-type': 'image/png', 'cache-control': 'max-age=900' },
    body: iconPicture(adamId, ...sides),
  }
}
