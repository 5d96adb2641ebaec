import type { Problem } from '../problem/index.ts'

export type ReadSource = { ok: true; owner: string; name: string; url?: string } | { ok: false; problem: Problem }

const shortForm = /^([\w.-]+)\/([\w.-]+?)(?:\.git)?$/

/** `applications.<name>.source` of `wheelhouse.yaml`, where it is to be merged in: `owner/name`, or its address by HTTP. */
export function readSource(application: string, source: string | undefined): ReadSource {
  if (source === undefined) return wrong(application, `wheelhouse.yaml names no source repository of ${application}.`)
  const [, owner, name] = shortForm.exec(source) ?? []
  if (owner !== undefined && name !== undefined) return { ok: true, owner, name }
  const url = URL.canParse(source) ? new URL(source) : undefined
  const [, urlOwner, urlName] = shortForm.exec(url?.pathname.replace(/^\/|\/$/g, '') ?? '') ?? []
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!url || !isWeb || urlOwner === undefined || urlName === undefined)
    return wrong(application, `The source of ${application} is no repository at GitHub by HTTP.`)
  return { ok: true, owner: urlOwner, name: urlName, url: `${url.origin}/${urlOwner}/${urlName}` }
}

function wrong(application: string, message: string): ReadSource {
  const suggestion = `Write it into wheelhouse.yaml: applications: {${application}: {source: owner/name}}.`
  return { ok: false, problem: { code: 'source-unusable', severity: 'error', message, suggestion } }
}
