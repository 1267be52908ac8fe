//! The OpenAPI document and the template tell of the same operations, with the same scopes.

use std::collections::BTreeMap;

use local::{Access, Options, TEMPLATE, Template};

use crate::world::World;

/// Method and route, with the scope that an access token needs; an empty text for a route that wants any token.
type Routes = BTreeMap<(String, String), Option<String>>;

fn of_template() -> Routes {
    let functions = Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap();
    let routes = functions.into_iter().flat_map(|function| function.routes);
    // Preflights are of Fetch, the console is a page of its own, and no operation is at any other address.
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

/// What is described is there: the function behind each route knows it.
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
            // A body that no operation takes; only DELETE, which wants none, changes anything.
            let answer = world.bearing(&world.token(), &method.to_uppercase(), &filled, "[]").await;
            assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            assert!(!answer.text.contains("Nothing is at this address"), "{method} {path}: {}", answer.text);
        }
    }
}
