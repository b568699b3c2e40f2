/** Containers of tasks and executors: their volumes and what Docker is told (reference §4.3). */
import { secretProblem } from './command-info.ts';
import type { ContainerInfo, Volume, VolumeSource } from './v1/mesos.ts';

/** @returns `null`: nothing is wrong */
export function containerProblem(container: ContainerInfo): string | null {
  for (const volume of container.volumes ?? []) {
    const problem = volumeProblem(volume);
    if (problem !== null) return `Volume '${volume.container_path}': ${problem}`;
  }
  if (container.type === 'DOCKER') {
    if (container.docker === undefined)
      return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo";
    if (container.docker.parameters?.some(({ key }) => key === 'name'))
      return "Parameter in DockerInfo must not be 'name'";
  }
  return null;
}

function volumeProblem({ host_path, image, source }: Volume): string | null {
  if ([host_path, image, source].filter((one) => one !== undefined).length > 1)
    return "only one of 'host_path', 'image' and 'source' may be set";
  return source === undefined ? null : sourceProblem(source);
}

function sourceProblem(source: VolumeSource): string | null {
  switch (source.type) {
    case 'DOCKER_VOLUME':
      return source.docker_volume === undefined ? "'source.docker_volume' is not set" : null;
    case 'HOST_PATH':
      return source.host_path === undefined ? "'source.host_path' is not set" : null;
    case 'SANDBOX_PATH':
      return source.sandbox_path === undefined ? "'source.sandbox_path' is not set" : null;
    case 'SECRET':
      return source.secret === undefined ? "'source.secret' is not set" : secretProblem(source.secret);
    case 'CSI_VOLUME':
      return source.csi_volume === undefined ? "'source.csi_volume' is not set" : null;
    default:
      return "'source.type' is unknown";
  }
}
