export { createLauncher, type Launcher } from './create-launcher.ts'
export { killGroup } from './kill-group.ts'
export { launchHere, type LaunchChild, type LaunchedChild } from './launch-here.ts'
