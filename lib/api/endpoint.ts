import { z } from 'zod'
import type { Permission } from '#lib/core/access/index.ts'

export type { Permission }

/**
 * What a caller must be allowed to do: a permission of core/access, asked before the handler (held somewhere) and again in
 * the operation with the environment at hand. `public` asks nobody; `signed-in` any person or token; `hook` and `metrics`
 * have their own secret and their own check; of `own-hook` every one has a secret of its own, which its handler checks.
 */
export type EndpointPermission = Permission | 'public' | 'signed-in' | 'hook' | 'own-hook' | 'metrics'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Whether requests of this method carry a body. */
export const takesBody = (method: Method): boolean => method === 'POST' || method === 'PUT'

/** `command` answers 200 with the result or 202 while the worker is still busy; the others are not JSON. */
export type Answer = 'json' | 'command' | 'event-stream' | 'text' | 'lines'

/** One thing the wire can say: types the route, the browser's call, the CLI and OpenAPI. */
export interface Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: Method
  /** Template with `{name}` for each parameter. */
  path: `/api/${string}`
  permission: EndpointPermission
  summary: string
  params: Params
  query: Query
  /** `z.undefined()` = takes none. */
  body: Body
  response: Response
  answer: Answer
}

const nothing = z.object({})
const noBody = z.undefined()

interface Definition {
  method: Method
  path: `/api/${string}`
  permission: EndpointPermission
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  response: z.ZodType
  answer?: Answer
}

type Given<D extends Definition, Key extends 'params' | 'query', Fallback> = D[Key] extends z.ZodObject
  ? D[Key]
  : Fallback

export type EndpointOf<D extends Definition> = Endpoint<
  Given<D, 'params', typeof nothing>,
  Given<D, 'query', typeof nothing>,
  D['body'] extends z.ZodType ? D['body'] : typeof noBody,
  D['response']
>

export function endpoint<const D extends Definition>(definition: D): EndpointOf<D> {
  return { params: nothing, query: nothing, body: noBody, answer: 'json', ...definition } as unknown as EndpointOf<D>
}

type Part<Key extends string, Value> = [undefined] extends [Value]
  ? { [K in Key]?: Value }
  : Record<never, never> extends Value
    ? { [K in Key]?: Value }
    : { [K in Key]: Value }

/** What a caller gives: only the parts the endpoint has. */
export type InputOf<E extends Endpoint> = Part<'params', z.input<E['params']>> &
  Part<'query', z.input<E['query']>> &
  Part<'body', z.input<E['body']>>

/** What a handler gets, parsed. */
export interface ParsedInput<E extends Endpoint> {
  params: z.output<E['params']>
  query: z.output<E['query']>
  body: z.output<E['body']>
}

export type ResponseOf<E extends Endpoint> = z.output<E['response']>
