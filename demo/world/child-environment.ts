/** The whole environment of a child process. (Next's types demand NODE_ENV of every environment; these need none.) */
export function childEnvironment(variables: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return variables as NodeJS.ProcessEnv
}
