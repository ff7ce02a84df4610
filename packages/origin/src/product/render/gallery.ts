import { markup, raw, scriptJson, type Html } from '../../page/html.ts';
import { imageUrl } from '../addresses.ts';
import type { SyntheticProduct } from '../describe.ts';

/** The gallery: thumbnails, the main image, and the script data that names every size. */
export function gallery({ facts, shown }: SyntheticProduct): Html {
  const thumbnails = facts.imageIds.map(
    (id, i) =>
      markup`<li class="a-spacing-small item itemNo${i} imageThumbnail">
        <span class="a-list-item">
          <span class="a-button a-button-thumbnail a-button-toggle${i === 0 ? ' a-button-selected' : ''}"
            ><span class="a-button-inner"
              ><input class="a-button-input" type="submit" /><span class="a-button-text" aria-hidden="true">
                <img alt="" src="${imageUrl(id, 'AC_US40')}" /> </span></span
          ></span>
        </span>
      </li>`,
  );
  const [main = ''] = facts.imageIds;
  const sizes = { [imageUrl(main, 'AC_SY355')]: [355, 355], [imageUrl(main, 'AC_SX466')]: [466, 466] };
  return markup`<div id="imageBlock_feature_div" class="celwidget">
      <div id="imageBlock" class="a-section imageBlockRearch" aria-hidden="true">
        <div class="a-fixed-left-grid">
          <div class="a-fixed-left-grid-inner">
            <div id="altImages" class="a-fixed-left-grid-col a-col-left">
              <ul
                class="a-unordered-list a-nostyle a-button-list a-vertical a-spacing-top-micro regularAltImageViewLayout"
              >
                ${thumbnails}
              </ul>
            </div>
            <div class="a-text-center a-fixed-left-grid-col regularImageBlockViewLayout a-col-right">
              <div id="main-image-container" class="a-dynamic-image-container">
                <ul class="a-unordered-list a-nostyle a-horizontal list maintain-height">
                  <li class="image item itemNo0 maintain-height selected">
                    <span class="a-list-item">
                      <div id="imgTagWrapperId" class="imgTagWrapper">
                        <img
                          alt="${shown.title}"
                          src="${imageUrl(main, 'AC_SX466')}"
                          data-old-hires="${imageUrl(main, 'AC_SL1500')}"
                          class="a-dynamic-image a-stretch-horizontal"
                          id="landingImage"
                          data-a-image-name="landingImage"
                          data-a-dynamic-image="${JSON.stringify(sizes)}"
                        />
                      </div>
                    </span>
                  </li>
                </ul>
              </div>
            </div>
          </div>
        </div>
      </div>
    </div>
    ${scripts(facts.imageIds, shown.title, shown.videos)}`;
}

function scripts(ids: readonly string[], title: string, videos: SyntheticProduct['shown']['videos']): Html {
  const images = ids.map((id, i) => ({
    hiRes: imageUrl(id, 'AC_SL1500'),
    thumb: imageUrl(id, 'AC_US40'),
    large: imageUrl(id, 'AC'),
    main: { [imageUrl(id, 'AC_SY355')]: [355, 355], [imageUrl(id, 'AC_SX679')]: [679, 679] },
    variant: i === 0 ? 'MAIN' : `PT${String(i).padStart(2, '0')}`,
    lowRes: null,
    shoppableScene: null,
    physicalIdForMedia: id,
    altText: null,
  }));
  const clips = videos.map((video) => ({
    groupType: 'IB_G1',
    offset: '0',
    thumb: video.thumbnail,
    durationSeconds: video.duration_seconds,
    isVideo: true,
    isHeroVideo: false,
    title: video.title,
    holderId: 'holderORIGIN',
    url: video.url,
    durationTimestamp: clock(video.duration_seconds ?? 0),
    variant: 'MAIN',
  }));
  const data = {
    dataInJson: null,
    alwaysIncludeVideo: true,
    defaultColor: 'initial',
    title,
    videos: clips,
    lazyLoadExperienceDisabled: true,
  };
  // Keys stand in single quotes here, as on real pages: this is a script, not JSON.
  return markup`<script type="text/javascript">
P.when('A').register("ImageBlockATF", function(A){
    var data = {
                'enableS2WithoutS1': false,
                'notShowVideoCount': false,
                'colorImages': { 'initial': ${scriptJson(images)}},
                'colorToAsin': {'initial': {}},
                'holderRatio': 1.0,
                'holderMaxHeight': 700,
                'heroImage': {'initial': []},
                'heroVideo': {'initial': []},
                'staticStrings': {'playVideo': ''}
                };
    A.trigger('P.AboveTheFold');
    return data;
});
</script>
<script type="text/javascript">
P.when('jQuery').register('ImageBlockBTF', function(jQuery){
var obj = jQuery.parseJSON('${raw(singleQuoted(scriptJson(data).text))}');
var data = {};
data["videos"] = obj.videos;
return data;
});
</script>`;
}

/** JSON inside a single-quoted script string. */
const singleQuoted = (json: string): string => json.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`);

const clock = (seconds: number): string =>
  [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
