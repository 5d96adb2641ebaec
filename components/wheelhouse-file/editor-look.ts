import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Text in the product's own tokens: colours are for states, so that words differ by weight and shade. */
const words = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--fg-faint)' },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], fontWeight: '550' },
  { tag: [tags.string, tags.content, tags.literal], color: 'var(--fg-muted)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--fg-faint)' },
  { tag: [tags.meta, tags.keyword, tags.labelName, tags.typeName], color: 'var(--brass-ink)' },
])

const frame = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--fg)', fontSize: 'var(--text-xs)' },
  '&.cm-focused': { outline: 'none' },
  // Above the gutter, which would hide an outline of the editor itself.
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '300',
    pointerEvents: 'none',
    boxShadow: 'inset 0 0 0 2px var(--brass)',
  },
  '.cm-scroller': {
    fontFamily: 'var(--font-geist-mono), ui-monospace, monospace',
    lineHeight: '1.65',
    maxHeight: 'max(320px, 62vh)',
    overflow: 'auto',
  },
  '.cm-content, .cm-gutter': { minHeight: '320px' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--fg)' },
  '.cm-line': { padding: '0 14px 0 8px' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--fg-faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 8px 0 6px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--sunken) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--fg)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-lint-marker': { width: '8px', height: '8px', marginLeft: '3px' },
  '.cm-lint-marker-error': { content: 'normal', borderRadius: '50%', backgroundColor: 'var(--bad)' },
  '.cm-lint-marker-warning': { content: 'normal', borderRadius: '2px', backgroundColor: 'var(--wait)' },
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bad)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--wait)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--fg)',
    border: 'none',
    borderRadius: '8px',
    boxShadow: 'var(--overlay)',
    fontFamily: 'var(--font-geist-sans), ui-sans-serif, sans-serif',
    fontSize: 'var(--text-xs)',
  },
  '.cm-diagnostic': { padding: '8px 12px', maxWidth: '46ch' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--wait)' },
})

export const editorLook = [frame, syntaxHighlighting(words)]
