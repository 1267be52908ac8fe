//! The OpenAPI document and the template describe the same operations, with the same scopes.

use std::collections::{BTreeMap, BTreeSet};

use local::{Access, Options, TEMPLATE, Template};
use serde_json::Value;

use crate::architecture::{root, rust_files};
use crate::world::World;

/// Method and route, with the scope that an access token needs; an empty text for a route that requires any token.
type Routes = BTreeMap<(String, String), Option<String>>;

fn of_template() -> Routes {
    let functions = Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap();
    let routes = functions.into_iter().flat_map(|function| function.routes);
    // Preflights are part of Fetch, the console has its own pages, and no operation has any of the other paths.
    let elsewhere = |path: &str| path.starts_with("/console") || ["/", "/{proxy+}"].contains(&path);
    let api = routes.filter(|route| route.method != "OPTIONS" && !elsewhere(&route.path));
    api.map(|route| {
        let scope = match route.access {
            Access::Public => None,
            Access::Token(scopes) => Some(scopes.join(" ")),
        };
        ((route.method, route.path), scope)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn document_and_template_have_the_same_operations() {
    let world = World::new().await;
    let document = world.send("GET", "/openapi.json", &[], "").await.ok();
    let mut described = Routes::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let scheme = operation["security"].get(0).and_then(|scheme| scheme.get("developer"));
            let scope = scheme.map(|scopes| {
                let scopes = scopes.as_array().unwrap().iter();
                scopes.map(|scope| scope.as_str().unwrap()).collect::<Vec<_>>().join(" ")
            });
            described.insert((method.to_uppercase(), path.replace(':', "/")), scope);
        }
    }
    assert!(described.len() > 30, "{}", described.len());
    assert_eq!(described, of_template());
}

/// The function behind each described route serves it.
#[tokio::test(flavor = "multi_thread")]
async fn every_described_operation_reaches_its_function() {
    let fingerprint = ["AB"; 32].join(":");
    let well_known = [
        ("RelatedOrigins", "https://app.example".to_owned()),
        ("PasskeyEnrollUrl", "https://app.example".to_owned()),
        ("AndroidApps", format!("com.example.app={fingerprint}")),
        ("AppleApps", "A1B2C3D4E5.com.example.app".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let world = World::with(Options { parameters: well_known.into(), ..Options::default() }).await;
    let document = world.send("GET", "/openapi.json", &[], "").await.ok();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut filled = path.clone();
            for parameter in operation["parameters"].as_array().unwrap() {
                let (name, example) = (parameter["name"].as_str().unwrap(), parameter["example"].as_str());
                filled = filled.replace(&format!("{{{name}}}"), example.unwrap_or_default());
            }
            // A body that no operation accepts. Only DELETE, which needs none, changes anything.
            let answer = world.bearing(&world.token(), &method.to_uppercase(), &filled, "[]").await;
            assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            assert!(!answer.text.contains("Nothing is at this address"), "{method} {path}: {}", answer.text);
        }
    }
}

/// An operation has one name: in the document, in the template, and at the head of the test files that cover it.
#[test]
fn an_operation_is_found_by_its_name() {
    let document = std::fs::read(root().join("shared/api/openapi.json")).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let heads: String = rust_files(&root().join("tests/integration"))
        .iter()
        .flat_map(|file| std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with("//! "))
        .collect();
    let heads: BTreeSet<&str> = heads.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(heads.contains(id), "no file in tests/integration names {id} at its head: //! Operations: {id}.");
            let event = format!("\n        {}{}:\n          Type: HttpApi\n", id[..1].to_uppercase(), &id[1..]);
            let (_, event) =
                TEMPLATE.split_once(&event).unwrap_or_else(|| panic!("no event of the template is named {id}"));
            let event: String = event.lines().take(5).collect();
            for line in [format!("Method: {}", method.to_uppercase()), format!("Path: {}", path.replace(':', "/"))] {
                assert!(event.contains(&line), "{id}: {event}");
            }
        }
    }
}
