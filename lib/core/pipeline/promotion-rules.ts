import { z } from 'zod'
import { isTimeZone, noGates } from '../gate/index.ts'
import type { ApprovalRule, FreezeWindow, Gates, WeekTime } from '../gate/types.ts'
import { CheckName, Duration, durationMs, Instant, Name, Reason } from './config-fields.ts'
import { tagTemplateProblem } from './tag-template.ts'
import type { PromotionRules, WheelhouseConfig } from './types.ts'

const Role = z.enum(['approver', 'admin'])

const Approvals = z.union([
  z.int().min(1).max(20),
  z.strictObject({
    count: z.int().min(1).max(20).optional().describe('Different people; default: 1'),
    roles: z.array(Role).min(1).optional().describe('One of these roles, or a greater one; default: approver'),
    separate: z
      .array(z.enum(['requester', 'author']))
      .optional()
      .describe('Whose approval does not count; default: both'),
  }),
])

const weekTime = /^(?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un) (?:[01]\d|2[0-3]):[0-5]\d$/
const WeekTimeFile = z.string().regex(weekTime, 'is no time of a week such as Fri 18:00')

const Freeze = z
  .strictObject({
    reason: Reason,
    from: Instant.optional().describe('RFC 3339, with to'),
    to: Instant.optional().describe('RFC 3339; the first instant that is not frozen'),
    weekly: z
      .strictObject({ from: WeekTimeFile, to: WeekTimeFile })
      .refine(({ from, to }) => from.toLowerCase() !== to.toLowerCase(), 'begins when it ends')
      .optional()
      .describe('By the wall clock of zone; may go over the end of the week'),
    zone: z
      .string()
      .max(100)
      .refine(isTimeZone, 'is no IANA time zone')
      .optional()
      .describe('IANA time zone such as Europe/Berlin'),
  })
  .superRefine((window, context) => {
    const says = freezeProblem(window)
    if (says) context.addIssue({ code: 'custom', message: says })
  })
type FreezeFile = z.infer<typeof Freeze>

const GatesFile = z.strictObject({
  health: z.boolean().optional().describe('The source runs what is promoted and is healthy; default: false'),
  soak: Duration.optional().describe('How long the source must have been healthy with what is promoted'),
  checks: z
    .array(CheckName)
    .max(20)
    .optional()
    .describe('Statuses or checks of the commit, or what is reported to the promotion, that have to pass'),
  approvals: Approvals.optional().describe('How many people, or count, roles and separate'),
  freeze: z.array(Freeze).max(50).optional(),
  override: z
    .array(Role)
    .optional()
    .describe(
      'Who may override health, soak, checks and freeze with a reason; default: approver; approvals only an admin',
    ),
})

const Way = z.enum(['commit', 'retag', 'pull-request', 'merge'], {
  error: 'is neither commit nor retag nor pull-request nor merge',
})

/** What an environment of `wheelhouse.yaml` may say about promotions into it. */
export const promotionFields = {
  from: z
    .union([Name, z.array(Name).max(50)], { error: 'is neither a name nor a list of names' })
    .optional()
    .describe('Environments it is promoted from; default: the one to the left; [] = none'),
  way: Way.optional().describe(
    'retag: the same image gets a tag of this environment first; pull-request: proposed in one, which its gates hold; merge: the source is merged and built anew; default: commit, or retag where the tag does not match the filter',
  ),
  tag: z
    .string()
    .max(200)
    .superRefine((template, context) => {
      const says = tagTemplateProblem(template)
      if (says) context.addIssue({ code: 'custom', message: says })
    })
    .optional()
    .describe('Name of the tag when re-tagging, such as stg-{rest}; default: by the filter'),
  gates: GatesFile.optional(),
  verify: z
    .strictObject({
      timeout: Duration.optional().describe('How long it may take to become healthy; default: 5m'),
      rollback: z.boolean().optional().describe('Whether it is rolled back when it does not; default: false'),
    })
    .optional(),
}
const PromotionFile = z.object(promotionFields)
type PromotionFile = z.infer<typeof PromotionFile>

/** What holds where nothing is said. */
export const defaultRules: PromotionRules = { gates: noGates, verify: { timeoutMs: 300_000, rollback: false } }

/** The rules of one environment, which may be called `constructor`. */
export function rulesOf({ promotion }: Pick<WheelhouseConfig, 'promotion'>, environment: string): PromotionRules {
  return (Object.hasOwn(promotion, environment) ? promotion[environment] : undefined) ?? defaultRules
}

/** Nothing where the environment says nothing about promotions. */
export function toPromotionRules(file: PromotionFile): PromotionRules | undefined {
  const { from, way, tag, gates, verify } = file
  if ([from, way, tag, gates, verify].every((field) => field === undefined)) return undefined
  return {
    ...(from === undefined ? {} : { from: typeof from === 'string' ? [from] : [...new Set(from)] }),
    ...(way === undefined ? {} : { way }),
    ...(tag === undefined ? {} : { tag }),
    gates: gates ? toGates(gates) : noGates,
    verify: {
      timeoutMs: verify?.timeout === undefined ? defaultRules.verify.timeoutMs : durationMs(verify.timeout),
      rollback: verify?.rollback ?? defaultRules.verify.rollback,
    },
  }
}

function toGates(file: z.infer<typeof GatesFile>): Gates {
  return {
    health: file.health ?? false,
    soakMs: file.soak === undefined ? 0 : durationMs(file.soak),
    ...(file.checks?.length ? { checks: [...new Set(file.checks)] } : {}),
    ...(file.approvals === undefined ? {} : { approvals: toApprovals(file.approvals) }),
    freeze: (file.freeze ?? []).flatMap(toWindow),
    override: file.override ?? ['approver'],
  }
}

function toApprovals(file: z.infer<typeof Approvals>): ApprovalRule {
  const { count, roles, separate } = typeof file === 'number' ? { count: file } : file
  return { count: count ?? 1, roles: roles ?? ['approver'], separate: separate ?? ['requester', 'author'] }
}

function freezeProblem({ from, to, weekly, zone }: Omit<FreezeFile, 'reason'>): string | undefined {
  if (weekly) {
    if (from !== undefined || to !== undefined) return 'is either weekly or from and to, not both'
    return zone === undefined ? 'is weekly without a zone, such as Europe/Berlin' : undefined
  }
  if (from === undefined || to === undefined) return 'has neither from and to nor weekly'
  if (zone !== undefined) return 'has a zone, which from and to do not need'
  return Date.parse(from) < Date.parse(to) ? undefined : 'ends before it begins'
}

function toWindow({ reason, from, to, weekly, zone }: FreezeFile): FreezeWindow[] {
  if (weekly && zone !== undefined) {
    return [{ kind: 'weekly', from: toWeekTime(weekly.from), to: toWeekTime(weekly.to), zone, reason }]
  }
  if (from === undefined || to === undefined) return []
  return [{ kind: 'once', from: Date.parse(from), to: Date.parse(to), reason }]
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function toWeekTime(text: string): WeekTime {
  const [day = '', time = ''] = text.toLowerCase().split(' ')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return { day: weekdays.indexOf(day), minute: hours * 60 + minutes }
}
