//! The architecture rules: dependencies point one way, and the template and the code agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use local::{TEMPLATE, Template};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The workspace's manifests, without transitive dependencies.
fn workspace() -> Metadata {
    MetadataCommand::new().current_dir(root()).no_deps().exec().unwrap()
}

/// The crates in a folder, each with its dependencies, without its dev-dependencies.
fn crates(folder: &str) -> Vec<(String, BTreeSet<String>)> {
    let of_folder = |package: &&Package| package.manifest_path.starts_with(root().join(folder));
    let dependencies = |package: &Package| {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|dependency| dependency.name.clone()).collect()
    };
    let workspace = workspace();
    let found = workspace.packages.iter().filter(of_folder);
    found.map(|package| (package.name.to_string(), dependencies(package))).collect()
}

#[test]
fn dependencies_point_one_way() {
    let of = |name: &str| crates("shared").into_iter().find(|(crate_, _)| crate_ == name).unwrap().1;
    let ours = ["api", "binding", "cloud", "lists", "mail", "proof", "local"];
    let among = |dependencies: &BTreeSet<String>| -> Vec<String> {
        dependencies.iter().filter(|name| ours.contains(&name.as_str())).cloned().collect()
    };
    assert_eq!(among(&of("proof")), [""; 0]);
    assert_eq!(among(&of("binding")), ["proof"]);
    assert_eq!(among(&of("api")), ["binding"]);
    assert_eq!(among(&of("cloud")), ["binding", "proof"]);
    assert_eq!(among(&of("mail")), ["binding"]);
    assert_eq!(among(&of("lists")), ["api", "binding", "cloud"]);
    for pure in ["binding", "mail", "proof"] {
        for name in of(pure) {
            let impure = ["aws", "tokio", "axum", "hyper", "http", "lambda"].iter().any(|word| name.contains(word));
            assert!(!impure, "{pure} depends on {name}");
        }
    }
    let functions = crates("functions");
    let names: BTreeSet<&String> = functions.iter().map(|(name, _)| name).collect();
    for (function, dependencies) in &functions {
        for name in dependencies {
            assert!(!names.contains(name), "the function {function} depends on the function {name}");
            assert_ne!(name, "local");
        }
    }
}

/// The command line is a client like any other and uses only the REST API. It shares the types of requests and
/// responses, without the server's part of that crate.
#[test]
fn the_command_line_uses_only_the_rest_api() {
    let ours: BTreeSet<String> =
        ["shared", "functions", "infra"].into_iter().flat_map(crates).map(|(name, _)| name).collect();
    let (_, dependencies) = crates("infra").into_iter().find(|(name, _)| name == "bindctl").unwrap();
    assert_eq!(dependencies.intersection(&ours).collect::<Vec<_>>(), ["api"]);
    let workspace = workspace();
    let bindctl = workspace.packages.iter().find(|package| package.name == "bindctl").unwrap();
    let api = bindctl.dependencies.iter().find(|dependency| dependency.name == "api").unwrap();
    assert_eq!(api.features, [""; 0], "bindctl enables features of api");
}

/// Every function of the template is a crate, and every crate is in the template.
#[test]
fn the_template_names_every_function() {
    let template = Template::parse(TEMPLATE, &[]).unwrap();
    let in_template: BTreeSet<String> = template.functions().unwrap().into_iter().map(|f| f.binary).collect();
    let crates: BTreeSet<String> = crates("functions").into_iter().map(|(name, _)| name).collect();
    assert_eq!(in_template, crates);
}

/// The saved queries read the log of each function that serves HTTP requests.
#[test]
fn failed_requests_are_found_in_the_logs_of_all_http_functions() {
    let functions = local::TEMPLATE.split("\n    Type: AWS::Serverless::Function\n");
    let names: Vec<&str> = functions.clone().map(|before| before.rsplit('\n').next().unwrap().trim()).collect();
    let http = functions.skip(1).zip(names).filter(|(text, _)| {
        let text = text.split_once("\n\n").map_or(*text, |(first, _)| first);
        text.contains("Type: HttpApi")
    });
    let mut expected: Vec<String> = http.map(|(_, name)| format!("{}Logs", name.trim_end_matches(':'))).collect();
    expected.push("ApiLogs".to_owned());
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    for query in resources_of_type("AWS::Logs::QueryDefinition") {
        let (_, text) = local::TEMPLATE.split_once(&format!("\n  {query}:\n")).unwrap();
        let (groups, _) = text.split_once("QueryString:").unwrap();
        let groups: BTreeSet<&str> = groups.lines().filter_map(|line| line.trim().strip_prefix("- !Ref ")).collect();
        assert_eq!(groups, expected, "{query}");
    }
}

/// No handwritten file is longer than 500 lines.
#[test]
fn files_are_small() {
    let mut folders = vec![root().join("shared"), root().join("functions"), root().join("infra"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "target", ".venv", "screenshots", "made"].contains(&name.as_str())
                    && !path.ends_with("page/dist")
                    && !path.ends_with("sdk/dist")
                {
                    folders.push(path);
                }
            } else if [".rs", ".js", ".mjs", ".ts", ".css"].iter().any(|end| name.ends_with(end))
                && !name.ends_with("-min.js")
                && name != "wire.ts"
            {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                assert!(lines <= 500, "{} has {lines} lines", path.display());
            }
        }
    }
}

/// The names of resources of a type, from the template's text.
fn resources_of_type(kind: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = local::TEMPLATE.lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[1].trim() == format!("Type: {kind}"));
    pairs.map(|pair| pair[0].trim().trim_end_matches(':').to_owned()).collect()
}

/// The runbook has an entry for each alarm, by name.
#[test]
fn every_alarm_has_its_entry_in_the_runbook() {
    let runbook = std::fs::read_to_string(root().join("docs/runbook.md")).unwrap();
    let (_, alarms) = runbook.split_once("# Alarms\n").unwrap();
    let (alarms, _) = alarms.split_once("# Now and then\n").unwrap();
    let entries: BTreeSet<String> =
        alarms.lines().filter_map(|line| line.strip_prefix("## ")).map(str::to_owned).collect();
    let named = resources_of_type("AWS::CloudWatch::Alarm");
    assert!(named.len() >= 13, "{named:?}");
    // The alarms of the functions' versions share an entry.
    let functions = resources_of_type("AWS::Serverless::Function");
    let of_version = |alarm: &str| alarm.strip_suffix("Failing").is_some_and(|function| functions.contains(function));
    let expected =
        named.iter().map(|alarm| if of_version(alarm) { "VersionFailing".to_owned() } else { alarm.clone() });
    assert_eq!(entries, expected.collect());
    // An alarm that only some stacks have cannot be on the dashboard of all.
    for alarm in named.iter().filter(|alarm| *alarm != "TokensFailing") {
        assert!(local::TEMPLATE.contains(&format!("\"${{{alarm}.Arn}}\"")), "{alarm} is not on the dashboard");
    }
    // CloudWatch creates no alarm on more than ten metrics, and this limit cannot be raised.
    for alarm in &named {
        let (_, rest) = local::TEMPLATE.split_once(&format!("\n  {alarm}:\n")).unwrap();
        let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
        let metrics = lines.filter(|line| line.trim() == "MetricStat:").count();
        assert!(metrics <= 10, "{alarm} has {metrics} metrics");
    }
    // A function without an alarm would fail unnoticed.
    for function in resources_of_type("AWS::Serverless::Function") {
        let counted = format!("[{{Name: FunctionName, Value: !Ref {function}}}]");
        assert!(local::TEMPLATE.matches(&counted).count() >= 2, "{function}");
    }
}

/// Timeouts are multiplied for debug builds on busy machines, and nowhere else.
#[test]
fn a_deployed_function_has_the_timeouts_of_production() {
    assert!(!local::TEMPLATE.contains("AWS_CALL_TIMEOUT_FACTOR"));
    // Five calls of 3 s fit in it.
    assert!(local::TEMPLATE.contains("\n    Timeout: 20\n"));
}

/// The packages that cargo builds for a selection, each with its features.
fn packages_with_features(edges: &str, selection: &[&str]) -> BTreeSet<String> {
    let tree = ["tree", "--locked", "--edges", edges, "--prefix", "none", "--format", "{p} {f}"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo).current_dir(root()).args(tree).args(selection).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // `(*)` marks a repeated package.
    let packages = text.lines().map(|line| line.trim_end_matches("(*)").trim_end().to_owned());
    packages.filter(|package| !package.is_empty()).collect()
}

/// With other features, a package and all its dependents are built a second time, which takes minutes.
#[test]
fn a_program_is_built_with_the_features_of_the_workspace() {
    for (edges, selection) in [
        ("normal,build", &["--package", "local"][..]),
        ("normal,build", &["--package", "local", "--package", "bindctl"]),
        ("normal,build,dev", &["--package", "tests"]),
    ] {
        let packages = packages_with_features(edges, selection);
        assert!(packages.len() > 100, "{selection:?}: {packages:?}");
        let workspace = packages_with_features(edges, &["--workspace"]);
        let others: Vec<&String> = packages.difference(&workspace).collect();
        assert!(others.is_empty(), "{selection:?} builds these again: {others:?}");
    }
    // `--package bindctl` alone has fewer features, so the alias selects the whole workspace. It prints progress,
    // because the build takes minutes.
    let config = std::fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    let aliases: Vec<&str> =
        config.lines().take_while(|line| !line.is_empty()).filter(|line| line.contains(" = ")).collect();
    assert_eq!(aliases, [r#"bindctl = "run --bin bindctl --""#, r#"local = "run --bin local --""#]);
}

/// All Rust files below a folder.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path).into_iter().filter(|path| !path.ends_with("node_modules")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Retries, operation ids and the recognition of a lost response are in one file.
#[test]
fn one_file_writes_conditional_writes() {
    let writers: Vec<PathBuf> = ["shared", "functions"]
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)))
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.contains("update_expression(") || text.replace("key_condition", "").contains("condition_expression(")
        })
        .collect();
    assert_eq!(writers, [root().join("shared/cloud/src/table/write.rs")]);
}

/// A handler gets ids and callers only from `api::routes`. With a router of its own, a function could omit a check.
#[test]
fn functions_serve_operations_only() {
    for path in rust_files(&root().join("functions")) {
        // The console serves files. It has no permission and no key.
        if path.starts_with(root().join("functions/console")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for word in
            ["Router::new", "axum::routing", "extract::Path", "extract::{Path", "Path(", "RawPathParams", "MatchedPath"]
        {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}
