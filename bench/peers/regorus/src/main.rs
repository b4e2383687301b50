//! Regorus, one round for each line of the input, as bench/round.c does its work:
//!
//!     peer-regorus [-s SLICE] REVIEWS POLICY.rego
//!
//! For the line `verdicts` all reviews are judged and `ID COUNT` lines say how many failed each rule.
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use regorus::{Engine, Value};

fn passed(engine: &mut Engine, text: &str) -> Value {
    engine.set_input(Value::from_json_str(text).expect("a review"));
    engine.eval_rule("data.bench.passed".to_string()).expect("the rule")
}

/// Nanoseconds of the one thread there is.
fn processor_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|word| word.parse().ok()).expect("a number")
}

fn print_verdicts(engine: &mut Engine, texts: &[&str], names: &[&str]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        let set = passed(engine, text);
        let set = set.as_set().expect("a set");
        for name in names.iter().filter(|name| !set.contains(&Value::from(**name))) {
            *counts.entry(name).or_default() += 1;
        }
    }
    for (name, count) in counts {
        println!("{name} {count}");
    }
    println!();
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut slice = 0;
    if args[0] == "-s" {
        slice = args[1].parse().expect("a number");
        args.drain(..2);
    }
    let text = std::fs::read_to_string(&args[0]).expect("reviews");
    let policy = std::fs::read_to_string(&args[1]).expect("a policy");
    let texts: Vec<&str> = text.lines().collect();
    let names: Vec<&str> = policy
        .lines()
        .filter(|line| line.starts_with("passed contains "))
        .map(|line| line.split('"').nth(1).expect("a name"))
        .collect();
    if slice == 0 {
        slice = texts.len();
    }
    let mut engine = Engine::new();
    engine.add_policy("bench.rego".to_string(), policy.clone()).expect("a policy");
    println!("ready");
    io::stdout().flush().expect("output");
    let mut at = 0;
    for line in io::stdin().lock().lines() {
        if line.expect("input").starts_with('v') {
            print_verdicts(&mut engine, &texts, &names);
        } else {
            let start = processor_time();
            for _ in 0..slice {
                passed(&mut engine, texts[at]);
                at = (at + 1) % texts.len();
            }
            println!("{}", processor_time() - start);
        }
        io::stdout().flush().expect("output");
    }
}
