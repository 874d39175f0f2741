//! What has secrets in it in a swarm. The engine is nobody else's.

use crate::runtime::Runtime;
use crate::scenes::Told;
use crate::{Failure, Stage};
use docker_proto::api::{configs, secrets, services, swarm};
use docker_proto::model::{
    ConfigSpec, EncryptionConfig, SecretSpec, ServiceSpec, SwarmInitBody, SwarmJoinBody, SwarmSpec, SwarmUnlockKey,
};

/// All of it.
pub async fn all<R: Runtime>(stage: &Stage) -> Result<(), Failure> {
    let told = Told::<R>::new(stage)?;
    let secrets = &stage.secrets;
    // What a run that was broken off left.
    told.call(swarm::Leave::new().force(true)).await;
    let token = format!("SWMTKN-1-{}", secrets.plain("a join token that is wrong"));
    secrets.add("a join token that is wrong", &token);
    let join = SwarmJoinBody::new().remote_addrs(["127.0.0.1:9"]).listen_addr("127.0.0.1:0").join_token(&*token);
    told.call(swarm::Join::new(join)).await;

    let locked = SwarmSpec::new().encryption_config(EncryptionConfig::new().auto_lock_managers(true));
    let init = SwarmInitBody::new().listen_addr("127.0.0.1:23771").advertise_addr("127.0.0.1:23771").spec(locked);
    told.call(swarm::Init::new(init)).await.ok_or("no swarm is made")?;
    let outcome = inside(&told).await;
    told.call(swarm::Leave::new().force(true)).await;
    outcome
}

async fn inside<R: Runtime>(told: &Told<'_, R>) -> Result<(), Failure> {
    let (secrets, log) = (&told.stage.secrets, &told.stage.log);
    let seen = told.docker.call(swarm::Inspect::new()).await?;
    let tokens = seen.join_tokens.clone().ok_or("a swarm without tokens")?;
    for token in [&tokens.worker, &tokens.manager] {
        secrets.add("a join token", token.as_deref().ok_or("no token")?);
    }
    log.debug("swarm", &seen);
    let key = told.docker.call(swarm::UnlockKey::new()).await?;
    secrets.add("the unlock key", key.unlock_key.as_deref().ok_or("no key")?);
    log.debug("key", &key);
    told.call(swarm::Unlock::new(SwarmUnlockKey::new().unlock_key(&*secrets.plain("an unlock key that is wrong"))))
        .await;
    let join =
        SwarmJoinBody::new().remote_addrs(["127.0.0.1:23771"]).join_token(tokens.worker.as_deref().unwrap_or_default());
    told.call(swarm::Join::new(join)).await;

    let data = secrets.make("the data of a secret");
    let spec = SecretSpec::new().name("one").data(&*data);
    log.debug("secret", &spec);
    let id = told.call(secrets::Create::new(spec.clone())).await.and_then(|made| made.id).ok_or("no secret")?;
    told.call(secrets::Create::new(spec)).await;
    told.call(secrets::Inspect::new(&*id)).await;
    let spec = ConfigSpec::new().name("one").data(&*secrets.make("the data of a config"));
    log.debug("config", &spec);
    let config = told.call(configs::Create::new(spec)).await.and_then(|made| made.id).ok_or("no config")?;
    told.call(secrets::Remove::new(&*id)).await;
    // An engine gives the data of a config back.
    told.call(configs::Inspect::new(&*config)).await;
    told.call(services::Create::new(ServiceSpec::new().name("none"))).await;
    told.call(configs::Remove::new(&*config)).await;
    Ok(())
}
