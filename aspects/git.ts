import { execFileSync } from 'node:child_process';
import { checkedStamp, type Stamp } from '../lib/evaluate/template/stamp.ts';

/** Environment variables. */
type Environment = { readonly [variable: string]: string | undefined };

/** The repository and commit of a folder, from the CI system or else from git; empty if neither is available. */
export function sourceOf(cwd: string, env: Environment): Stamp {
  const { repository = remoteOf(cwd), commit = commitOf(cwd) } = fromCiSystem(env);
  return checkedStamp({ repository: repository && withoutSecrets(repository), commit });
}

/** GitHub Actions, GitLab CI and AWS CodeBuild check out a commit and name it in environment variables. */
function fromCiSystem(env: Environment): Stamp {
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

const remoteOf = (cwd: string) => git(cwd, 'config', '--get', 'remote.origin.url') || undefined;

function commitOf(cwd: string): string | undefined {
  const commit = git(cwd, 'rev-parse', 'HEAD');
  return commit && (git(cwd, 'status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}-dirty`);
}

/** The output of a git command; undefined outside a repository or without git. */
export function git(cwd: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** A remote's address without password, token or query; undefined for a local path, which means nothing elsewhere. */
function withoutSecrets(remote: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:[^/\\:][^:]*$/.test(remote)) return remote; // git@host:path, where the user name is not a secret
  if (!URL.canParse(remote)) return undefined;
  const { protocol, host, pathname } = new URL(remote);
  return host ? `${protocol}//${host}${pathname}` : undefined;
}
