import { loginOf, notFound, pageOf, type Handler } from '../api-call.ts'
import type { OperationName } from '../operations.ts'
import { commentReply } from '../replies.ts'
import type { Comment } from '../state.ts'

const list: Handler = (github, { params, query }) => {
  const found = github.comments.filter(({ issue }) => issue === Number(params['issue_number']))
  return { status: 200, body: pageOf(found, query).map((comment) => commentReply(github, comment)) }
}

const create: Handler = (github, { params, body, caller }) => {
  const issue = Number(params['issue_number'])
  if (!github.pulls.some(({ number }) => number === issue)) throw notFound()
  const now = new Date().toISOString()
  const { body: text } = body as { body: string }
  const comment: Comment = {
    id: github.nextId(),
    issue,
    body: text,
    author: loginOf(caller),
    createdAt: now,
    updatedAt: now,
  }
  github.comments.push(comment)
  return { status: 201, body: commentReply(github, comment) }
}

const update: Handler = (github, { params, body }) => {
  const comment = github.comments.find(({ id }) => id === Number(params['comment_id']))
  if (!comment) throw notFound()
  comment.body = (body as { body: string }).body
  comment.updatedAt = new Date().toISOString()
  return { status: 200, body: commentReply(github, comment) }
}

export const issueRoutes = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': list,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': create,
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': update,
} satisfies Partial<Record<OperationName, Handler>>
