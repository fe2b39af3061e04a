package io.portcurfew.observe.linux.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of container engines below the root of a captured host. */
public record EngineFolders(Path root) {

  /** The id of the only container. */
  public static final String ID = "4c01db0b339c".repeat(5) + "4c01";

  /** Writes a file. */
  public EngineFolders file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Writes the config of a container of Docker, as Docker writes it with Compose. */
  public EngineFolders docker(String folder, String name, String more) throws IOException {
    String config =
        "{\"StreamConfig\":{},\"State\":{\"Running\":true,\"Paused\":false,\"Pid\":4711,"
            + "\"ExitCode\":0,\"Health\":null},\"ID\":\"ID\",\"Created\":\"2026-11-26T10:00:00Z\","
            + "\"Config\":{\"Hostname\":\"x\",\"Env\":[\"A=b\"],\"Image\":\"nginx:1.27\","
            + "\"Labels\":{\"com.docker.compose.project\":\"shop\","
            + "\"com.docker.compose.service\":\"web\"}},\"Image\":\"sha256:0\","
            + "\"NetworkSettings\":{\"Bridge\":\"\",\"Networks\":{\"bridge\":{\"IPAddress\":"
            + "\"172.17.0.2\",\"GlobalIPv6Address\":\"\"}},PORTS},\"Name\":\"NAME\"}";
    return file(
        folder + "/containers/" + ID + "/config.v2.json",
        config.replace("\"ID\"", '"' + ID + '"').replace("NAME", name).replace("PORTS", more));
  }

  /** Writes the first process of a container with its control group. */
  public EngineFolders process(int pid, String group) throws IOException {
    return file("proc/" + pid + "/cgroup", "0::" + group + "\n");
  }

  /** Writes the config of a task of containerd. */
  public EngineFolders containerd(String namespace, String annotations) throws IOException {
    return file(
        "run/containerd/io.containerd.runtime.v2.task/" + namespace + "/" + ID + "/config.json",
        "{\"ociVersion\":\"1.1.0\",\"process\":{\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\","
            + "\"hard\":18446744073709551615,\"soft\":1.5}]},\"annotations\":{"
            + annotations
            + "}}");
  }
}
