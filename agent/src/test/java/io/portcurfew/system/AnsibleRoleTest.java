package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.CommandLines;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Ansible role: ansible-lint finds nothing, and the agent reads the files that it writes. */
@LiveHost
class AnsibleRoleTest {

  private static final Path FOLDER = Path.of("../config/ansible").toAbsolutePath().normalize();
  private static final Path ROLE = FOLDER.resolve("portcurfew");

  @TempDir Path folder;

  @Test
  void role_hasNoLint() throws Exception {
    Tool.require("ansible-lint");
    Tool.Result result =
        Tool.run(
            "sh",
            "-c",
            "cd %s && ansible-lint --offline --nocolor portcurfew site.yml".formatted(FOLDER));
    assertThat(result.status()).as(result.output()).isZero();
  }

  @Test
  void defaults_giveGoodConfig() throws Exception {
    assertThat(render("{}")).contains("policy: policy.yaml").doesNotContain("config_file");
    checked("");
  }

  @Test
  void settings_giveGoodConfig() throws Exception {
    Files.writeString(
        folder.resolve("allowed_signers"),
        "ops ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPJkQ3gYwUCnTdC4hhBGLGMaWWvN9yJ6Rrt0S4vF9BbM\n");
    String config =
        render(
            """
            {"portcurfew_bundle": "https://policies.example.org/policy-bundle.tar.gz",
             "portcurfew_bundle_settings": {"every": "1m", "labels": {"role": "web"}},
             "portcurfew_web_listen_address": "127.0.0.1:9611",
             "portcurfew_config": {"scan": {"every": "5s"}}}
            """);
    assertThat(config).contains("bundle: https://policies.example.org/", "every: 5s", "role: web");
    checked("allowed_signers");
  }

  @Test
  void bundleThatTheTimerFetches_isReadFromItsFile() throws Exception {
    String config =
        render(
            """
            {"portcurfew_bundle": "https://policies.example.org/policy-bundle.tar.gz",
             "portcurfew_bundle_fetch": true}
            """);
    String folder = "/var/lib/portcurfew-bundle/";
    assertThat(config).contains("bundle: " + folder).doesNotContain("https:");
    String unit = Files.readString(FOLDER.resolve("../../systemd/portcurfew-bundle.service"));
    assertThat(unit).contains("WorkingDirectory=" + folder.replaceAll("/$", "\n"));
  }

  @Test
  void webSettings_giveGoodWebConfig() throws Exception {
    String hash = "$2y$10$81NXqrx5IfTMRgNRgleAvODYfVZGLirS71JZRZ.RGf2hQIICQ1JkK";
    String config =
        render(
            """
            {"portcurfew_http_server_config": {"headers": {"X-Frame-Options": "deny"}},
             "portcurfew_basic_auth_users": {"prometheus": "%s"}}
            """
                .formatted(hash));
    assertThat(config).contains("config_file: web-config.yml");
    assertThat(Files.readString(folder.resolve("web-config.yml")))
        .contains("X-Frame-Options: deny", "prometheus: " + hash);
    checked("");
  }

  /** Renders the config of the role as Ansible does. */
  private String render(String variables) throws Exception {
    Tool.require("ansible-playbook");
    Files.writeString(folder.resolve("vars.json"), variables);
    Files.writeString(
        folder.resolve("play.yml"),
        """
        - hosts: localhost
          connection: local
          gather_facts: false
          vars_files: [%1$s/defaults/main.yml, vars.json]
          tasks:
            - name: Render
              ansible.builtin.template:
                src: "%1$s/templates/{{ item }}.j2"
                dest: "%2$s/{{ item }}"
                mode: "0644"
              loop: [portcurfew.yaml, web-config.yml]
        """
            .formatted(ROLE, folder));
    String play = folder.resolve("play.yml").toString();
    Tool.Result result = Tool.run("ansible-playbook", "-i", "localhost,", play);
    assertThat(result.status()).as(result.output()).isZero();
    return Files.readString(folder.resolve("portcurfew.yaml"));
  }

  private void checked(String signers) throws Exception {
    Path config = folder.resolve("portcurfew.yaml");
    if (!signers.isEmpty()) {
      String there = Files.readString(config);
      Files.writeString(
          config,
          there.replace("/etc/portcurfew/allowed_signers", folder.resolve(signers).toString()));
    }
    Files.copy(Path.of("../config/policy.yaml"), folder.resolve("policy.yaml"));
    CommandLines.Ended ended = CommandLines.run("check", "--config", config.toString());
    assertThat(ended.status()).as(ended.text()).isZero();
  }
}
