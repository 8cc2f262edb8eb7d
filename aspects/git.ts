import { execFileSync } from 'node:child_process';
import { checkedStamp, type Stamp } from '../lib/evaluate/template/stamp.ts';

/** Variables of the process. */
type Environment = { readonly [variable: string]: string | undefined };

/** Where the code in a folder came from: what the CI system says, and else git; nothing where neither knows. */
export function sourceOf(cwd: string, env: Environment): Stamp {
  const { repository = remote(cwd), commit = checkedOut(cwd) } = bySystem(env);
  return checkedStamp({ repository: repository && withoutSecrets(repository), commit });
}

/** GitHub Actions, GitLab CI and AWS CodeBuild check a commit out by itself, and say which. */
function bySystem(env: Environment): Stamp {
  if (env.GITHUB_SHA)
    return {
      repository: env.GITHUB_REPOSITORY && `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}`,
      commit: env.GITHUB_SHA,
    };
  if (env.CI_COMMIT_SHA) return { repository: env.CI_PROJECT_URL, commit: env.CI_COMMIT_SHA };
  return {
    repository: env.CODEBUILD_SOURCE_REPO_URL || undefined,
    commit: env.CODEBUILD_RESOLVED_SOURCE_VERSION || undefined,
  };
}

const remote = (cwd: string) => git(cwd, 'config', '--get', 'remote.origin.url') || undefined;

function checkedOut(cwd: string): string | undefined {
  const commit = git(cwd, 'rev-parse', 'HEAD');
  return commit && (git(cwd, 'status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}-dirty`);
}

/** What git answers; undefined outside of a repository, or without git. */
export function git(cwd: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** A remote's address without password, token or query; undefined for a path on this machine, which says nothing elsewhere. */
function withoutSecrets(remote: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:[^/\\:][^:]*$/.test(remote)) return remote; // git@host:path, where the name is no secret
  if (!URL.canParse(remote)) return undefined;
  const { protocol, host, pathname } = new URL(remote);
  return host ? `${protocol}//${host}${pathname}` : undefined;
}
